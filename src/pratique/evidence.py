"""False alarms told by evidence: what an analyzer saw that an advisory's range cannot say."""

from __future__ import annotations

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
