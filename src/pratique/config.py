"""Options: each is a flag, an environment variable `PRATIQUE_…`, and a key of `pratique.yaml`.

A flag beats the environment, which beats the file, which beats the default.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from pratique.errors import UsageError
from pratique.model.advisory import SEVERITIES
from pratique.model.settings import Settings

FILE = "pratique.yaml"
_SECTIONS = ("ignore", "policy")
"""Keys of that file that are no options."""
SECTION = "license"
"""The key that is options and a policy on licences."""


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


def _words(*allowed: str) -> Callable[[str], tuple[str, ...]]:
    def convert(text: str) -> tuple[str, ...]:
        words = tuple(word.strip() for word in text.split(",") if word.strip())
        for word in words:
            if allowed and word not in allowed:
                raise UsageError(f"{word!r} is none of {', '.join(allowed)}")
        return words

    return convert


def _severities(text: str) -> tuple[str, ...]:
    return _words(*SEVERITIES)(text.upper())


def _scanners(text: str) -> tuple[str, ...]:
    words = _words("vuln", "secret", "misconfig", "config", "license")(text)
    return tuple("misconfig" if word == "config" else word for word in words)


def _outputs(text: str) -> tuple[tuple[str, str], ...]:
    """Read `report.txt`, `sarif=a.sarif,json=b.json`: a comma parts where a format follows it."""
    import re  # noqa: PLC0415

    formats = "|".join(FORMATS)
    pairs = []
    for part in re.split(rf",(?=(?:{formats})=)", text):
        name, equals, path = part.partition("=")
        if equals and name not in FORMATS and not re.search(r"[/\\.]", name):
            raise UsageError(f"{name!r} is none of {', '.join(FORMATS)}")
        pairs.append((name, path) if equals and name in FORMATS else ("", part))
    if sum(not name for name, _ in pairs) > 1:
        raise UsageError("the report goes to one file; others need a format: sarif=FILE")
    return tuple(pairs)


def _pattern_list(text: str) -> tuple[str, ...]:
    return _words()(text)


def _kinds(text: str) -> tuple[str, ...]:
    """Read kinds of configuration; Trivy's for which there are no checks here do no harm."""
    ours = sorted(
        name.partition(".")[0]
        for name in os.listdir(os.path.join(os.path.dirname(__file__), "configurations"))
        if not name.startswith("_")
    )
    words = _words(*ours, *_OF_TRIVY_ALONE)(text)
    return tuple(word for word in words if word in ours) or (("none",) if words else ())


def _file_patterns(text: str) -> tuple[str, ...]:
    """Read `dockerfile:Docker.*`, several with commas; a comma in a regex is not told from them."""
    import re  # noqa: PLC0415

    patterns = _words()(text)
    for pattern in patterns:
        kind, colon, regex = pattern.partition(":")
        if not (kind and colon and regex):
            raise UsageError(f"{pattern!r} is not KIND:REGEX")
        try:
            re.compile(regex)
        except re.error as error:
            raise UsageError(f"{pattern!r} is no regular expression: {error}") from None
    return patterns


def _seconds(text: str) -> float:
    """Read `90`, `90s`, `5m`, `1h30m`, as Go writes durations; return seconds."""
    import re  # noqa: PLC0415

    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    if not re.fullmatch(r"(\d+(\.\d+)?(ms|h|m|s))+", text):
        raise UsageError(f"{text!r} is no duration (5m, 90s)")
    units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
    return sum(float(n) * units[u] for n, _, u in re.findall(r"(\d+(\.\d+)?)(ms|h|m|s)", text))


def _hours(text: str) -> float:
    return float(text) if text.isdigit() else _seconds(text) / 3600


def _age(text: str) -> float:
    """Read hours: `24`, `24h`, `7d`."""
    days = text.removesuffix("d")
    return float(days) * 24 if days != text and days.isdigit() else _hours(text)


def _fail_on(text: str) -> tuple[str, ...]:
    from pratique.policy.reading import is_word  # noqa: PLC0415 - of few

    words = _words()(text)
    for word in words:
        if not is_word(word):
            raise UsageError(f"{word!r} is no severity, kind or condition")
    return words


def _days(text: str) -> float:
    return _hours(text) / 24 if not text.removesuffix("d").isdigit() else float(text.rstrip("d"))


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise UsageError(f"{text!r} is no number from 0 to 1")
    return share


def _status(text: str) -> int:
    if not text.isdigit() or int(text) > 255:
        raise UsageError(f"{text!r} is no exit status (0 to 255)")
    return int(text)


def _one_of(*allowed: str) -> Callable[[str], str]:
    def convert(text: str) -> str:
        return _words(*allowed)(text)[0] if text else text

    return convert


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
# one module a format; none is imported before it is asked for
FORMATS = tuple(sorted(
    entry.partition(".")[0].replace("_", "-")
    for entry in os.listdir(os.path.join(os.path.dirname(__file__), "formats"))
    if not entry.startswith("_")
))  # fmt: skip

_OF_TRIVY_ALONE = ("azure-arm", "cloudformation", "terraform", "terraformplan-json",
                   "terraformplan-snapshot", "ansible", "json", "yaml")  # fmt: skip

OPTIONS = (
    Option("format", "how the report is written: " + ", ".join(FORMATS), REPORTS,
           metavar="FORMAT", short="-f", convert=_one_of(*FORMATS)),
    Option("output", "write the report to a file; FORMAT=FILE: one more, several times",
           REPORTS + " compare explain fix", metavar="FILES", short="-o", convert=_outputs),
    Option("template", "template of the format `template`: a file, or its text (Jinja)", REPORTS,
           metavar="FILE", short="-t"),
    Option("severity", "severities to report: UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL",
           commands="image rootfs fs config sbom compare convert patch",
           metavar="LIST", short="-s", convert=_severities),
    Option("ignore_unfixed", "leave out what has no fixed version", PACKAGES + " convert"),
    Option("ignore_status", "statuses to leave out: " + ",".join(STATUSES), PACKAGES + " convert",
           metavar="LIST", convert=_words(*STATUSES)),
    Option("baseline", "hold the report against FILE (a JSON report), an image, a commit, or "
           "`attestation`, what is attested of the image: what is new, what was only disclosed "
           "since", REPORTS, metavar="NAME"),
    Option("only_new", "report only what is new against --baseline", REPORTS),
    Option("origin", "base or app: only what comes from the base image, or from what is built "
           "on it", REPORTS, metavar="ORIGIN", aliases=("--from",),
           convert=_one_of("base", "app")),
    Option("min_age", "report only flaws that are known for this many days", REPORTS,
           metavar="DAYS", convert=_days),
    Option("helm_values", "files of values that charts are rendered with", CHARTS,
           metavar="LIST", convert=_pattern_list),
    Option("helm_set", "values that charts are rendered with: key=value,…", CHARTS,
           metavar="LIST", convert=_pattern_list),
    Option("helm_set_string", "the same, texts always: key=value,…", CHARTS,
           metavar="LIST", convert=_pattern_list),
    Option("helm_set_file", "the same, from files: key=path,…", CHARTS,
           metavar="LIST", convert=_pattern_list),
    Option("helm_kube_version", "release of Kubernetes that charts are rendered for", CHARTS,
           metavar="VERSION"),
    Option("helm_api_versions", "API versions that charts find in the cluster", CHARTS,
           metavar="LIST", convert=_pattern_list),
    Option("vex", "VEX documents, or folders and VEX repositories of them (OpenVEX, CycloneDX, "
           "CSAF); oci: those that are attested of the image", REPORTS, metavar="LIST",
           convert=_pattern_list),
    Option("attestation_key", "take what this public key (PEM) signed of the image: --vex oci, "
           "--baseline attestation", REPORTS, metavar="FILE"),
    Option("max_age", "how old what is attested may be: 24h, 7d", "verify", metavar="DURATION",
           convert=_age),
    Option("require_justification", "fail where an exception gives no reason", REPORTS),
    Option("dockerfile", "the Dockerfile that the image was built from: findings are told by its "
           "lines", "image convert fix", metavar="FILE"),
    Option("gates", "policies to hold the report to: default, strict, pci, cis, or a file "
           "(`policy:` of pratique.yaml)", REPORTS, metavar="LIST", convert=_pattern_list),
    Option("environment", "the environment of the policy, such as production", REPORTS,
           metavar="NAME", aliases=("--env",)),
    Option("fail_on", "fail (status 1, or --exit-code) on severities and on exploited, secret, "
           "misconfig, license, eol, epss>=N, any; fixable and new narrow them", REPORTS,
           metavar="LIST", convert=_fail_on),
    Option("ignorefile", "ids to ignore, a .trivyignore or .trivyignore.yaml",
           commands="image rootfs fs config sbom compare convert patch", metavar="FILE"),
    Option("ignore_policy", "findings to ignore, by a Rego file of package trivy (needs "
           "pratique[rego])", metavar="FILE"),
    Option("show_suppressed", "show what evidence or the ignore file judged away"),
    Option("exit_code", "exit status when anything is reported", metavar="N", convert=_status),
    Option("exit_on_eol", "exit status when the distribution is past its end of life",
           metavar="N", convert=_status),
    Option("strict", "fail (status 4) when anything could not be read or judged"),
    Option("scanners", "what to look for: vuln,secret,misconfig,license (default vuln,secret)",
           PACKAGES, metavar="LIST", aliases=("--security-checks",),
           convert=_scanners),
    Option("secret_config", "own rules and exceptions for secrets (default trivy-secret.yaml or "
           "pratique-secret.yaml, if there is one)", "image rootfs fs", metavar="FILE"),
    Option("secret_verify", "ask providers whether the secrets that are found are in use",
           "image rootfs fs", aliases=("--verify",)),
    Option("image_config_scanners", "accepted: an image's configuration is always looked at",
           "image", metavar="LIST", convert=_words("secret", "misconfig", "config")),
    Option("pkg_types", "packages to look at: os,library", PACKAGES, metavar="LIST",
           aliases=("--vuln-type",), convert=_words("os", "library")),
    Option("list_all_pkgs", "list every package in JSON (the default; --list-all-pkgs=false)"),
    Option("cyclonedx_version", "version of CycloneDX that is written: 1.6 (default) or 1.7",
           commands=REPORTS, metavar="VERSION",
           convert=_one_of("1.6", "1.7")),
    Option("sbom_source", "where to look for an SBOM to scan in place of layers: oci (attached "
           "to the image in its registry)", "image", metavar="LIST", aliases=("--sbom-sources",),
           convert=_words("oci")),
    Option("sbom_key", "take the attached SBOM that this public key (PEM) signed, or none that is "
           "not (implies --sbom-source oci)", "image", metavar="FILE"),
    Option("include_dev_deps", "include dependencies that only development needs",
           "fs sbom compare fix"),
    Option("ignored_licenses", "licences that do not count, SPDX ids", PACKAGES, metavar="LIST",
           convert=_pattern_list),
    Option("license_full", "report the licences of files that belong to no package as well",
           PACKAGES),
    Option("license_confidence_level", "share of a licence's text that a file must hold (0.75)",
           PACKAGES, metavar="SHARE", convert=_share),
    Option("skip_files", "files to leave out, globs", JUDGES, metavar="GLOBS",
           convert=_pattern_list),
    Option("skip_dirs", "directories to leave out, globs", JUDGES, metavar="GLOBS",
           convert=_pattern_list),
    Option("misconfig_scanners", "kinds of configuration to judge: dockerfile,kubernetes,…",
           CONFIGURED, metavar="LIST", convert=_kinds),
    Option("include_non_failures", "in JSON, list the checks that hold as well", CONFIGURED),
    Option("file_patterns", "files to judge beside those known by name, KIND:REGEX", CONFIGURED,
           metavar="LIST", convert=_file_patterns),
    Option("config_check", "own checks, in CEL (.yaml) or Rego (.rego): files and folders",
           CONFIGURED, metavar="LIST", aliases=("--config-policy", "--policy"),
           convert=_pattern_list),
    Option("config_data", "data for own checks in Rego: JSON and YAML files and folders",
           CONFIGURED, metavar="LIST", aliases=("--data",), convert=_pattern_list),
    Option("check_namespaces", "packages of Rego that are checks (default user)", CONFIGURED,
           metavar="LIST", aliases=("--policy-namespaces", "--namespaces"),
           convert=_pattern_list),
    Option("input", "docker archive, OCI archive or OCI layout to scan; with --scan-images a "
           "folder of them as well", "image fs config explain fix patch", metavar="PATH"),
    Option("scan_images", "scan the images that Compose files name as well", "fs config"),
    Option("image_src", "where to look, in turn: remote,docker,podman (default remote)", IMAGES,
           metavar="LIST", convert=_words("remote", "docker", "podman", "containerd")),
    Option("platform", "os/arch[/variant], or all (default: this machine's)", IMAGES,
           metavar="PLATFORM"),
    Option("username", "user name at the registry", REGISTRIES, metavar="NAME"),
    Option("password", "password at the registry (better: its environment variable)",
           REGISTRIES, metavar="WORD"),
    Option("registry_token", "bearer token for the registry", REGISTRIES, metavar="TOKEN"),
    Option("registry_mirrors", "HOST=MIRROR, several with commas", IMAGES, metavar="LIST",
           convert=_pattern_list),
    Option("insecure", "plain HTTP and unverified TLS for registries and mirrors", NETWORK),
    Option("cacert", "PEM file of certificate authorities to trust", NETWORK, metavar="FILE"),
    Option("timeout", "give up after this long (default 5m)", EVERY, metavar="DURATION",
           convert=_seconds),
    Option("feed_mirror", "folders or URLs laid out as the advisory publishers' hosts, in turn",
           FEEDS, metavar="LIST", convert=_pattern_list),
    Option("max_db_age", "update advisories older than this many hours (default 24)",
           FEEDS, metavar="HOURS", convert=_hours),
    Option("db_repository", "shared databases to take advisories from, in turn: oci://registry/name",
           FEEDS, metavar="LIST", convert=_pattern_list),
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
           convert=_one_of("auto", "always", "never")),
)  # fmt: skip


def settings(
    flags: Mapping[str, Any], environment: Mapping[str, str], file: Mapping[str, Any]
) -> Settings:
    """Return the settings; raise UsageError naming the option whose value is nonsense."""
    chosen: dict[str, Any] = {}
    if SECTION in file:
        from pratique.licenses.policy import options_of, read_policy  # noqa: PLC0415 - 15 ms

        chosen["license_policy"] = read_policy(file[SECTION], FILE)
        file = {**options_of(file[SECTION]), **file}
    for option in OPTIONS:
        found = _find(option, flags, environment, file)
        if found is not None:
            where, value = found
            chosen[option.field] = _converted(option, value, where)
    return Settings(**chosen)


def read_file(path: str) -> dict[str, Any]:
    """Return the keys of a configuration file, dashes as underscores; its rules are not of them.

    Raises UsageError where it cannot be read, is no mapping, or has an unknown key. The default
    file may be absent.
    """
    if not path and not os.path.exists(FILE):
        return {}
    import yaml  # noqa: PLC0415 - 20 ms, only where there is a file

    try:
        with open(path or FILE, encoding="utf-8") as file:
            document = yaml.safe_load(file) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        reason = str(error).replace("\n", " ")
        raise UsageError(f"{path or FILE}: {reason}") from error
    if not isinstance(document, dict):
        raise UsageError(f"{path or FILE}: must be a mapping of option names to values")
    keys = {
        str(key).replace("-", "_"): value for key, value in document.items() if key not in _SECTIONS
    }
    if unknown := sorted(set(keys) - {SECTION, *(option.field for option in OPTIONS)}):
        raise UsageError(f"{path or FILE}: unknown key {unknown[0].replace('_', '-')!r}")
    return keys


def _find(
    option: Option,
    flags: Mapping[str, Any],
    environment: Mapping[str, str],
    file: Mapping[str, Any],
) -> tuple[str, Any] | None:
    if (flag := flags.get(option.field)) is not None:
        return option.flag, ",".join(flag) if isinstance(flag, list) else flag
    if option.variable in environment:
        return option.variable, environment[option.variable]
    if option.field in file:
        value = file[option.field]
        joined = ",".join(map(str, value)) if isinstance(value, list) else value
        return f"{FILE}: {option.field.replace('_', '-')}", joined
    return None


def _converted(option: Option, value: Any, where: str) -> Any:
    try:
        if not option.metavar:
            return value if isinstance(value, bool) else _boolean(str(value))
        return option.convert(str(value))
    except UsageError as error:
        raise UsageError(f"{where}: {error.message}") from None


def _boolean(text: str) -> bool:
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("0", "false", "no", "off", ""):
        return False
    raise UsageError(f"{text!r} is neither true nor false")
