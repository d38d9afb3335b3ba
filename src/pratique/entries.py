"""List every finding of a report in one shape, whatever kind it is of.

A fingerprint is SHA-256 over the kind, the id of the rule or flaw, the purl without version and
the logical place: the path with the package's version taken out, a secret's mark, a check's
resource. Tags, layers, lines and versions change; it does not.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator

from pratique.model.advisory import SEVERITIES
from pratique.model.entry import Entry
from pratique.model.finding import Finding
from pratique.model.inventory import SYSTEM_TYPES
from pratique.model.license import LicenseFinding
from pratique.model.misconfiguration import Misconfiguration
from pratique.model.purl import purl
from pratique.model.report import Report
from pratique.model.secret import Secret

_URLS = {
    "CVE-": "https://nvd.nist.gov/vuln/detail/", "GHSA-": "https://github.com/advisories/",
    "GO-": "https://pkg.go.dev/vuln/", "RUSTSEC-": "https://rustsec.org/advisories/",
}  # fmt: skip


def entries(report: Report) -> Iterator[Entry]:
    """Yield what counts, the worst kind of thing first, each kind in the report's order."""
    for finding in report.findings:
        yield vulnerability(finding, report)
    for examined in report.examined:
        for failure in examined.failures:
            yield misconfiguration(failure, report)
    for secret in report.secrets:
        if not secret.reason:
            yield secret_entry(secret, report)
    for one in report.licenses:
        if not one.reason:
            yield license_entry(one, report)


def suppressed(report: Report) -> Iterator[Entry]:
    """Yield what was judged away, each with the reason."""
    for finding in report.suppressed:
        yield vulnerability(finding, report)
    for examined in report.examined:
        for failure in examined.suppressed:
            yield misconfiguration(failure, report)
    yield from (secret_entry(secret, report) for secret in report.secrets if secret.reason)
    yield from (license_entry(one, report) for one in report.licenses if one.reason)


def by_urgency(report: Report) -> list[Entry]:
    """Return the entries, known to be exploited first, then by severity; else as they come."""
    return sorted(entries(report), key=lambda e: (not _exploited(e), -SEVERITIES.index(e.severity)))


def _exploited(entry: Entry) -> bool:
    return bool(entry.finding and entry.finding.exploited)


def vulnerability(finding: Finding, report: Report) -> Entry:
    package = finding.package
    title = finding.prose.title or f"{finding.id} in {package.name}"
    fix = f"fixed in {', '.join(finding.fixed)}" if finding.fixed else _without_fix(finding)
    nearest = finding.fixed[0] if finding.fixed else ""
    return Entry(
        "vulnerability", finding.id, finding.severity, title,
        f"{package.name} {package.version or '(unknown version)'} has {finding.id}: {fix}",
        finding.prose.description,
        f"Upgrade {package.name} to {nearest}." if nearest else "",
        fingerprint(finding), url_of(finding.id), finding.prose.references,
        package.name, package.version, purl(package, report.inventory.distro),
        package.type in SYSTEM_TYPES, finding.fixed, package.place, package.line, package.line,
        package.changed, 0 <= package.introduced < report.base.layers,
        report.origins.get(package.changed), finding, finding.reason,
    )  # fmt: skip


def _without_fix(finding: Finding) -> str:
    return "no fixed version" if finding.status == "affected" else finding.status.replace("_", " ")


def misconfiguration(failure: Misconfiguration, report: Report) -> Entry:
    resource = f"{failure.resource}: " if failure.resource else ""
    return Entry(
        "misconfiguration", failure.check, failure.severity, failure.title,
        f"{resource}{failure.message}", failure.why, failure.resolution,
        _digest("misconfiguration", failure.check, failure.path, failure.resource,
                " ".join(failure.code).strip() or failure.message),
        next(iter(failure.references), ""), failure.references,
        path=failure.path, line=failure.start, end_line=failure.end, layer=failure.layer,
        from_base=0 <= failure.layer < report.base.layers,
        origin=report.origins.get(failure.layer), reason=failure.reason,
    )  # fmt: skip


def secret_entry(secret: Secret, report: Report) -> Entry:
    gone = f", deleted by layer #{secret.removed + 1}" if secret.removed >= 0 else ""
    return Entry(
        "secret", secret.rule, secret.severity, secret.title,
        f"{secret.title} in {secret.path}{gone}", secret.match.strip(),
        "Revoke it, and take it out of the image: what a layer holds stays in it.",
        _digest("secret", secret.rule, secret.path, secret.mark),
        path=secret.path, line=secret.line, end_line=secret.end_line, layer=secret.layer,
        from_base=0 <= secret.layer < report.base.layers,
        origin=report.origins.get(secret.layer), reason=secret.reason,
    )  # fmt: skip


def license_entry(one: LicenseFinding, report: Report) -> Entry:
    of = f"{one.package} {one.version}".strip() or one.path
    remark = f": {one.remark}" if one.remark else ""
    return Entry(
        "license", one.name, one.severity, f"{one.name} ({one.category})",
        f"{of} is under {one.name} ({one.category}){remark}", one.remark, "",
        _digest("license", one.name, one.type, one.package, "" if one.package else one.path),
        package=one.package, version=one.version, path=one.path, layer=one.layer,
        category=one.category,
        system=one.type in SYSTEM_TYPES,
        from_base=0 <= one.layer < report.base.layers, origin=report.origins.get(one.layer),
        reason=one.reason,
    )  # fmt: skip


def fingerprint(finding: Finding) -> str:
    """Return what stays the same for a finding while versions, tags and layers change."""
    package = finding.package
    plain = purl(package).partition("?")[0].rpartition("@")[0] or package.name
    place = "" if package.type in SYSTEM_TYPES else package.place
    if package.version:
        place = place.replace(package.version, "", 2)
    return _digest("vulnerability", finding.id, plain, place)


def repository_path(path: str, report: Report) -> str:
    """Return a path of a scanned folder relative to where the scan was started.

    That is the repository's root in CI, by which annotations and code scanning name files. A path
    in an image, and one of a folder that is elsewhere, stays as it is.
    """
    start = posixpath.normpath(report.name)
    if report.image or start in (".", "") or start.startswith(("/", "..")):
        return path
    return start if posixpath.basename(start) == path else posixpath.join(start, path)


def url_of(id: str) -> str:
    """Return the page of a flaw."""
    start = next((s for s in _URLS if id.startswith(s)), "")
    return _URLS.get(start, "https://osv.dev/vulnerability/") + id


def _digest(*parts: str) -> str:
    return f"sha256:{hashlib.sha256(chr(10).join(parts).encode('utf-8', 'replace')).hexdigest()}"
