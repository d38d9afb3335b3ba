"""What is found beside vulnerabilities: secrets, misconfiguration, licences; a section each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from pratique.codecs.plaintext import printable
from pratique.formats.table.grid import Style, grid
from pratique.model.advisory import SEVERITIES
from pratique.model.misconfiguration import Misconfiguration
from pratique.model.report import Report
from pratique.model.secret import Secret
from pratique.model.settings import Settings


def sections(report: Report, chosen: Settings, width: int, style: Style) -> Iterator[str]:
    """Yield the lines of each scanner that was asked for, also where it found nothing."""
    if "misconfig" in chosen.scanners:
        yield from _misconfigurations(report, width, style)
    if "secret" in chosen.scanners:
        yield from _secrets(report, width, style)
    if "license" in chosen.scanners:
        yield from _licenses(report, width, style)


def _misconfigurations(report: Report, width: int, style: Style) -> Iterator[str]:
    failures = [failure for one in report.examined for failure in one.failures]
    files = f"{len(report.examined)} file{'s' * (len(report.examined) != 1)} judged"
    yield ""
    yield style.bold(f"Misconfiguration: {_counted(failures) or 'none'}") + f"  ({files})"
    rows = [
        (f.check + (f" ({f.aliases[0]})" if f.aliases else ""), f.severity,
         f"{f.path}{f':{f.start}' if f.start else ''}", f.resource, f.message)
        for f in sorted(failures, key=lambda f: (-SEVERITIES.index(f.severity), f.path, f.start))
    ]  # fmt: skip
    if rows:
        yield from grid(("ID", "SEVERITY", "WHERE", "WHAT", "MESSAGE"), rows, width, style)


def _secrets(report: Report, width: int, style: Style) -> Iterator[str]:
    secrets = [secret for secret in report.secrets if not secret.reason]
    yield ""
    yield style.bold(f"Secrets: {_counted(secrets) or 'none'}")
    rows = []
    for secret in sorted(secrets, key=lambda s: (-SEVERITIES.index(s.severity), s.path, s.line)):
        layer = f"#{secret.layer + 1} " if report.image and secret.layer >= 0 else ""
        gone = f" (deleted by #{secret.removed + 1}, still in #{secret.layer + 1})"
        where = f"{layer}{secret.path}{f':{secret.line}' if secret.line else ''}"
        where += gone if secret.removed >= 0 else ""
        rows.append((secret.rule, secret.severity, where, secret.match.strip()))
    if rows:
        yield from grid(("RULE", "SEVERITY", "WHERE", "MATCH"), rows, width, style)


def _licenses(report: Report, width: int, style: Style) -> Iterator[str]:
    licenses = [one for one in report.licenses if not one.reason]
    counts = Counter(one.category for one in licenses)
    total = ", ".join(f"{count} {category}" for category, count in counts.most_common())
    yield ""
    yield style.bold(f"Licences: {total or 'none found'}")
    rows = [
        (one.name, one.severity, one.category, f"{one.package} {one.version}".strip() or one.path,
         one.remark)
        for one in sorted(licenses, key=lambda x: (-SEVERITIES.index(x.severity), x.name))
    ]  # fmt: skip
    if rows:
        header = ("LICENCE", "SEVERITY", "CATEGORY", "OF", "REMARK")
        yield from grid(header, rows, width, style)


def _counted(some: Iterable[Misconfiguration | Secret]) -> str:
    counts = Counter(one.severity for one in some)
    parts = [f"{counts[name]} {name}" for name in reversed(SEVERITIES) if counts[name]]
    return printable(", ".join(parts))
