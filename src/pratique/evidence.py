"""What was seen of a package that an advisory's range cannot say, and how much it weighs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from pratique.model.finding import Finding
from pratique.model.inventory import Package

_LOOKUP = "without org/apache/logging/log4j/core/lookup/JndiLookup.class"
_RULES = {
    # https://logging.apache.org/security.html: removing the class is a mitigation of both
    (_LOOKUP, "CVE-2021-44228"): "JndiLookup.class was removed from the archive",
    (_LOOKUP, "CVE-2021-45046"): "JndiLookup.class was removed from the archive",
}


def refutes(package: Package, id: str) -> str:
    """Return why a package is not affected by a flaw, whatever its version, or nothing."""
    return _RULES.get((package.module, id), "")


def judged(finding: Finding) -> Finding:
    """Return a finding as not affected, with the reason, where what was seen refutes it."""
    reason = refutes(finding.package, finding.id)
    return replace(finding, status="not_affected", reason=reason) if reason else finding


HEADERS = "build files only: headers, static libraries and the like, none of which runs"
DOCUMENTATION = "documentation only: nothing that it installs runs"
DATA = "data only: nothing that it installs runs"
_DELETED = "deleted: "
_MOST_NAMED = 3
# https://docs.root.io, https://docs.tuxcare.com/els-for-os/: what their versions end in
_REBUILT = {".root.io": "Root.io", "tuxcare.els": "TuxCare"}
_ROOT_APK = re.compile(r"-r\d007\d$")


def deleted(programs: int) -> str:
    """Return the remark on a package whose programs are all gone, though it is listed."""
    what = "its one program or library" if programs == 1 else f"all {programs} programs of it"
    return f"{_DELETED}{what} cannot be found any more"


def overwritten(programs: Sequence[tuple[str, int]]) -> str:
    """Return the remark on programs that a later layer wrote again: paths and layers' indexes."""
    named = ", ".join(f"{path} by layer #{index + 1}" for path, index in programs[:_MOST_NAMED])
    more = len(programs) - _MOST_NAMED
    return f"written again: {named}" + (f" and {more} more" if more > 0 else "")


def built_by(vendor: str) -> str:
    """Return the remark on a package that is not its distribution's."""
    return f"built by {vendor or 'others'}: the distribution's advisories do not know it"


def rebuilt(package: Package) -> str:
    """Return the remark on a package that somebody else than its distribution has patched."""
    if package.type == "apk":
        by = "Root.io" if _ROOT_APK.search(package.version) else ""
    else:
        by = next((who for mark, who in _REBUILT.items() if mark in package.version), "")
    return (
        f"rebuilt by {by}: what it fixes, the distribution's advisories do not know" if by else ""
    )


def is_inert(package: Package) -> bool:
    """Tell by its remarks whether nothing of a package can run, as far as can be seen.

    Its findings stay: headers get compiled in elsewhere, and a library may have been copied.
    """
    return bool(package.remarks) and bool(short(package))


def short(package: Package) -> str:
    """Return in two words why nothing of a package runs: `build files only`; empty where it may."""
    for remark in package.remarks:
        if remark in (HEADERS, DOCUMENTATION, DATA) or remark.startswith(_DELETED):
            return remark.partition(":")[0]
    return ""
