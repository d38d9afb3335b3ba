"""The options: each is a flag, an environment variable and a key of `pratique.yaml`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from pratique.option_values import (
    FORMATS,
    age,
    days,
    fail_on,
    file_patterns,
    hours,
    kinds,
    list_of,
    one_of,
    outputs,
    pattern_list,
    scanners,
    seconds,
    severities,
    share,
    status,
)


class Option(Struct, frozen=True):
    """One option: how it is written and what its text becomes."""

    field: str
    """Of Settings; its flag is the same with dashes."""
    help: str
    commands: str = "image rootfs fs config sbom compare convert fix"
    metavar: str = ""
    """Empty for a switch."""
    short: str = ""
    aliases: tuple[str, ...] = ()
    """Other names that Trivy has or had for it."""
    convert: Callable[[str], Any] = str

    @property
    def flag(self) -> str:
        return "--" + self.field.replace("_", "-")

    @property
    def is_list(self) -> bool:
        """Whether naming it twice adds up."""
        return self.metavar in ("LIST", "GLOBS", "FILES")

    @property
    def variable(self) -> str:
        return "PRATIQUE_" + self.field.upper()


STATUSES = ("unknown", "not_affected", "affected", "fixed", "under_investigation", "will_not_fix",
            "fix_deferred", "end_of_life")  # fmt: skip
EVERY = "image rootfs fs config sbom compare convert db clean explain triage fix patch"
REPORTS = "image rootfs fs config sbom convert"
SCANS = "image rootfs fs config sbom"
PACKAGES = "image rootfs fs sbom compare fix patch"
JUDGES = "image rootfs fs config sbom compare fix patch"
CONFIGURED = "image rootfs fs config"
CHARTS = "fs config"
IMAGES = "image fs config compare explain verify triage fix patch"
REGISTRIES = "image fs config compare db explain convert verify triage fix patch"
FEEDS = "image rootfs fs config sbom compare db fix patch"
NETWORK = "image rootfs fs config sbom compare db explain convert verify triage fix patch"


OPTIONS = (
    Option("format", "how the report is written: " + ", ".join(FORMATS), REPORTS,
           metavar="FORMAT", short="-f", convert=one_of(*FORMATS)),
    Option("output", "write the report to a file; FORMAT=FILE: one more, several times",
           REPORTS + " compare explain fix", metavar="FILES", short="-o", convert=outputs),
    Option("template", "template of the format `template`: a file, or its text (Jinja)", REPORTS,
           metavar="FILE", short="-t"),
    Option("severity", "severities to report: UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL",
           commands="image rootfs fs config sbom compare convert patch",
           metavar="LIST", short="-s", convert=severities),
    Option("ignore_unfixed", "leave out what has no fixed version", PACKAGES + " convert"),
    Option("ignore_status", "statuses to leave out: " + ",".join(STATUSES), PACKAGES + " convert",
           metavar="LIST", convert=list_of(*STATUSES)),
    Option("baseline", "hold the report against FILE (a JSON report), an image, a commit, or "
           "`attestation`, what is attested of the image: what is new, what was only disclosed "
           "since", REPORTS, metavar="NAME"),
    Option("only_new", "report only what is new against --baseline", REPORTS),
    Option("origin", "base or app: only what comes from the base image, or from what is built "
           "on it", REPORTS, metavar="ORIGIN", aliases=("--from",),
           convert=one_of("base", "app")),
    Option("min_age", "report only flaws that are known for this many days", REPORTS,
           metavar="DAYS", convert=days),
    Option("helm_values", "files of values that charts are rendered with", CHARTS,
           metavar="LIST", convert=pattern_list),
    Option("helm_set", "values that charts are rendered with: key=value,…", CHARTS,
           metavar="LIST", convert=pattern_list),
    Option("helm_set_string", "the same, texts always: key=value,…", CHARTS,
           metavar="LIST", convert=pattern_list),
    Option("helm_set_file", "the same, from files: key=path,…", CHARTS,
           metavar="LIST", convert=pattern_list),
    Option("helm_kube_version", "release of Kubernetes that charts are rendered for", CHARTS,
           metavar="VERSION"),
    Option("helm_api_versions", "API versions that charts find in the cluster", CHARTS,
           metavar="LIST", convert=pattern_list),
    Option("vex", "VEX documents, or folders and VEX repositories of them (OpenVEX, CycloneDX, "
           "CSAF); oci: those that are attested of the image", REPORTS, metavar="LIST",
           convert=pattern_list),
    Option("attestation_key", "take what this public key (PEM) signed of the image: --vex oci, "
           "--baseline attestation", REPORTS, metavar="FILE"),
    Option("max_age", "how old what is attested may be: 24h, 7d", "verify", metavar="DURATION",
           convert=age),
    Option("require_justification", "fail where an exception gives no reason", REPORTS),
    Option("dockerfile", "the Dockerfile that the image was built from: findings are told by its "
           "lines", "image convert fix", metavar="FILE"),
    Option("gates", "policies to hold the report to: default, strict, pci, cis, or a file "
           "(`policy:` of pratique.yaml)", REPORTS, metavar="LIST", convert=pattern_list),
    Option("environment", "the environment of the policy, such as production", REPORTS,
           metavar="NAME", aliases=("--env",)),
    Option("fail_on", "fail (status 1, or --exit-code) on severities and on exploited, secret, "
           "misconfig, license, eol, epss>=N, any; fixable and new narrow them", REPORTS,
           metavar="LIST", convert=fail_on),
    Option("ignorefile", "ids to ignore, a .trivyignore or .trivyignore.yaml",
           commands="image rootfs fs config sbom compare convert patch", metavar="FILE"),
    Option("ignore_policy", "findings to ignore, by a Rego file of package trivy (needs "
           "pratique[rego])", metavar="FILE"),
    Option("show_suppressed", "show what evidence or the ignore file judged away"),
    Option("exit_code", "exit status when anything is reported", metavar="N", convert=status),
    Option("exit_on_eol", "exit status when the distribution is past its end of life",
           metavar="N", convert=status),
    Option("strict", "fail (status 4) when anything could not be read or judged"),
    Option("scanners", "what to look for: vuln,secret,misconfig,license (default vuln,secret)",
           PACKAGES, metavar="LIST", aliases=("--security-checks",),
           convert=scanners),
    Option("secret_config", "own rules and exceptions for secrets (default trivy-secret.yaml or "
           "pratique-secret.yaml, if there is one)", "image rootfs fs", metavar="FILE"),
    Option("secret_verify", "ask providers whether the secrets that are found are in use",
           "image rootfs fs", aliases=("--verify",)),
    Option("image_config_scanners", "accepted: an image's configuration is always looked at",
           "image", metavar="LIST", convert=list_of("secret", "misconfig", "config")),
    Option("pkg_types", "packages to look at: os,library", PACKAGES, metavar="LIST",
           aliases=("--vuln-type",), convert=list_of("os", "library")),
    Option("list_all_pkgs", "list every package in JSON (the default; --list-all-pkgs=false)"),
    Option("cyclonedx_version", "version of CycloneDX that is written: 1.6 (default) or 1.7",
           commands=REPORTS, metavar="VERSION",
           convert=one_of("1.6", "1.7")),
    Option("sbom_source", "where to look for an SBOM to scan in place of layers: oci (attached "
           "to the image in its registry)", "image", metavar="LIST", aliases=("--sbom-sources",),
           convert=list_of("oci")),
    Option("sbom_key", "take the attached SBOM that this public key (PEM) signed, or none that is "
           "not (implies --sbom-source oci)", "image", metavar="FILE"),
    Option("include_dev_deps", "include dependencies that only development needs",
           "fs sbom compare fix"),
    Option("ignored_licenses", "licences that do not count, SPDX ids", PACKAGES, metavar="LIST",
           convert=pattern_list),
    Option("license_full", "report the licences of files that belong to no package as well",
           PACKAGES),
    Option("license_confidence_level", "share of a licence's text that a file must hold (0.75)",
           PACKAGES, metavar="SHARE", convert=share),
    Option("skip_files", "files to leave out, globs", JUDGES, metavar="GLOBS",
           convert=pattern_list),
    Option("skip_dirs", "directories to leave out, globs", JUDGES, metavar="GLOBS",
           convert=pattern_list),
    Option("misconfig_scanners", "kinds of configuration to judge: dockerfile,kubernetes,…",
           CONFIGURED, metavar="LIST", convert=kinds),
    Option("include_non_failures", "in JSON, list the checks that hold as well", CONFIGURED),
    Option("file_patterns", "files to judge beside those known by name, KIND:REGEX", CONFIGURED,
           metavar="LIST", convert=file_patterns),
    Option("config_check", "own checks, in CEL (.yaml) or Rego (.rego): files and folders",
           CONFIGURED, metavar="LIST", aliases=("--config-policy", "--policy"),
           convert=pattern_list),
    Option("config_data", "data for own checks in Rego: JSON and YAML files and folders",
           CONFIGURED, metavar="LIST", aliases=("--data",), convert=pattern_list),
    Option("check_namespaces", "packages of Rego that are checks (default user)", CONFIGURED,
           metavar="LIST", aliases=("--policy-namespaces", "--namespaces"),
           convert=pattern_list),
    Option("input", "docker archive, OCI archive or OCI layout to scan; with --scan-images a "
           "folder of them as well", "image fs config explain fix patch", metavar="PATH"),
    Option("scan_images", "scan the images that Compose files name as well", "fs config"),
    Option("image_src", "where to look, in turn: remote,docker,podman (default remote)", IMAGES,
           metavar="LIST", convert=list_of("remote", "docker", "podman", "containerd")),
    Option("platform", "os/arch[/variant], or all (default: this machine's)", IMAGES,
           metavar="PLATFORM"),
    Option("username", "user name at the registry", REGISTRIES, metavar="NAME"),
    Option("password", "password at the registry (better: its environment variable)",
           REGISTRIES, metavar="WORD"),
    Option("registry_token", "bearer token for the registry", REGISTRIES, metavar="TOKEN"),
    Option("registry_mirrors", "HOST=MIRROR, several with commas", IMAGES, metavar="LIST",
           convert=pattern_list),
    Option("insecure", "plain HTTP and unverified TLS for registries and mirrors", NETWORK),
    Option("cacert", "PEM file of certificate authorities to trust", NETWORK, metavar="FILE"),
    Option("timeout", "give up after this long (default 5m)", EVERY, metavar="DURATION",
           convert=seconds),
    Option("feed_mirror", "folders or URLs laid out as the advisory publishers' hosts, in turn",
           FEEDS, metavar="LIST", convert=pattern_list),
    Option("max_db_age", "update advisories older than this many hours (default 24)",
           FEEDS, metavar="HOURS", convert=hours),
    Option("db_repository", "shared databases to take advisories from, in turn: oci://registry/name",
           FEEDS, metavar="LIST", convert=pattern_list),
    Option("verify_key", "take shared databases only if signed by this public key (PEM)",
           FEEDS, metavar="FILE"),
    Option("refuse_stale", "fail (status 5) rather than use advisories older than --max-db-age",
           JUDGES),
    Option("advisories", "folder of own OSV records, beside the publishers'", JUDGES + " explain",
           metavar="DIR"),
    Option("skip_db_update", "use the advisories that are here", JUDGES),
    Option("offline", "ask nothing of any network", JUDGES + " explain verify",
           aliases=("--offline-scan",)),
    Option("cache_dir", "where layers and advisories are kept", EVERY, metavar="DIR"),
    Option("no_cache", "neither read nor keep layer results", "image compare"),
    Option("quiet", "report and errors only", EVERY, short="-q"),
    Option("no_progress", "no progress on the terminal", EVERY),
    Option("color", "auto, always or never", metavar="WHEN",
           convert=one_of("auto", "always", "never")),
)  # fmt: skip
