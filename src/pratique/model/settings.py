"""What a scan is asked to do: one frozen record, made from flags, environment and file."""

from __future__ import annotations

from msgspec import Struct

from pratique.model.advisory import SEVERITIES
from pratique.model.license_policy import Policy


class Settings(Struct, frozen=True, kw_only=True):
    """The options of the commands; `pratique.config` describes each."""

    cache_dir: str = ""
    no_cache: bool = False
    input: str = ""
    scan_images: bool = False
    image_src: tuple[str, ...] = ("remote",)
    platform: str = ""
    insecure: bool = False
    cacert: str = ""
    username: str = ""
    password: str = ""
    registry_token: str = ""
    credentials_for: str | None = None
    """The only host that name, password and token are sent to, empty for none; no option, but set
    where names come from elsewhere than the command line. None: whichever is asked for."""
    registry_mirrors: tuple[str, ...] = ()
    timeout: float = 300.0
    scanners: tuple[str, ...] = ("vuln", "secret")
    secret_config: str = ""
    secret_verify: bool = False
    image_config_scanners: tuple[str, ...] = ()
    pkg_types: tuple[str, ...] = ("os", "library")
    skip_files: tuple[str, ...] = ()
    skip_dirs: tuple[str, ...] = ()
    include_dev_deps: bool = False
    severity: tuple[str, ...] = SEVERITIES
    ignore_unfixed: bool = False
    ignore_status: tuple[str, ...] = ()
    helm_values: tuple[str, ...] = ()
    helm_set: tuple[str, ...] = ()
    helm_set_file: tuple[str, ...] = ()
    helm_set_string: tuple[str, ...] = ()
    helm_kube_version: str = ""
    helm_api_versions: tuple[str, ...] = ()
    origin: str = ""
    """`base` or `app`: what findings of the other origin do not count."""
    baseline: str = ""
    only_new: bool = False
    vex: tuple[str, ...] = ()
    attestation_key: str = ""
    max_age: float = 0.0
    """Hours that what is attested may be old; 0: any."""
    require_justification: bool = False
    dockerfile: str = ""
    """That the image was built from."""
    gates: tuple[str, ...] = ()
    """Policies to hold the report to: names of ready ones, or files."""
    environment: str = ""
    fail_on: tuple[str, ...] = ()
    min_age: float = 0.0
    """Days."""
    ignorefile: str = ".trivyignore"
    ignore_policy: str = ""
    show_suppressed: bool = False
    misconfig_scanners: tuple[str, ...] = ()
    include_non_failures: bool = False
    file_patterns: tuple[str, ...] = ()
    config_check: tuple[str, ...] = ()
    config_data: tuple[str, ...] = ()
    check_namespaces: tuple[str, ...] = ()
    format: str = "table"
    output: tuple[tuple[str, str], ...] = ()
    """Formats, empty for the report's own, and files."""
    template: str = ""
    list_all_pkgs: bool = True
    cyclonedx_version: str = "1.6"
    sbom_source: tuple[str, ...] = ()
    sbom_key: str = ""
    exit_code: int = 0
    exit_on_eol: int = 0
    strict: bool = False
    skip_db_update: bool = False
    offline: bool = False
    feed_mirror: tuple[str, ...] = ()
    max_db_age: float = 24.0
    db_repository: tuple[str, ...] = ()
    verify_key: str = ""
    refuse_stale: bool = False
    advisories: str = ""
    ignored_licenses: tuple[str, ...] = ()
    license_full: bool = False
    license_confidence_level: float = 0.75
    license_policy: Policy = Policy()
    quiet: bool = False
    no_progress: bool = False
    color: str = "auto"

    @property
    def outputs(self) -> tuple[tuple[str, str], ...]:
        """What is written where: format and file, an empty file for stdout.

        What was named without a format is where the report goes; others are written beside it.
        """
        return ((self.format, self.file), *(pair for pair in self.output if pair[0]))

    @property
    def file(self) -> str:
        """Where the report goes, empty for stdout."""
        return next((path for kind, path in self.output if not kind), "")
