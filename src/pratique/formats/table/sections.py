"""What is found beside vulnerabilities, a section each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from pratique.codecs.listing import listed
from pratique.codecs.plaintext import printable
from pratique.formats.table.grid import Style, grid
from pratique.formats.table.misconfigurations import misconfigurations
from pratique.model.advisory import SEVERITIES
from pratique.model.report import Report
from pratique.model.secret import Secret
from pratique.model.settings import Settings


def sections(report: Report, chosen: Settings, width: int, style: Style) -> Iterator[str]:
    """Yield the lines of each scanner that was asked for, also where it found nothing."""
    if "misconfig" in chosen.scanners:
        yield from misconfigurations(report, chosen, width, style)
        if report.images and not chosen.scan_images:
            yield from _images(report, style)
    if "secret" in chosen.scanners:
        yield from _secrets(report, width, style)
    if "license" in chosen.scanners:
        yield from _licenses(report, width, style)
    if chosen.show_suppressed:
        yield from _suppressed(report, width, style)


def _images(report: Report, style: Style) -> Iterator[str]:
    yield ""
    yield f"Images named here: {printable(listed(report.images))}"
    first = printable(report.images[0])
    yield style.dim(f"  `pratique image {first}` scans one, --scan-images all of them")


def _secrets(report: Report, width: int, style: Style) -> Iterator[str]:
    secrets = [secret for secret in report.secrets if not secret.reason]
    yield ""
    yield style.bold(f"Secrets: {_counted(secrets) or 'none'}")
    rows = []
    for secret in sorted(secrets, key=lambda s: (-SEVERITIES.index(s.severity), s.path, s.line)):
        layer = _layer(report, secret.layer)
        gone = f" (deleted by #{secret.removed + 1}, still in #{secret.layer + 1})"
        where = f"{layer}{secret.path}{f':{secret.line}' if secret.line else ''}"
        where += gone if secret.removed >= 0 else ""
        rows.append((secret.rule, secret.severity, where, secret.match.strip()))
    if rows:
        yield from grid(("RULE", "SEVERITY", "WHERE", "MATCH"), rows, width, style)


def _layer(report: Report, index: int) -> str:
    return f"#{index + 1} " if report.image and index >= 0 else ""


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


def _suppressed(report: Report, width: int, style: Style) -> Iterator[str]:
    """Yield the secrets and licences that a rule of the user's judged away."""
    rows = [
        *((s.rule, s.severity, f"{s.path}{f':{s.line}' if s.line else ''}", s.reason)
          for s in report.secrets if s.reason),
        *((x.name, x.severity, f"{x.package} {x.version}".strip() or x.path, x.reason)
          for x in report.licenses if x.reason),
    ]  # fmt: skip
    if rows:
        yield ""
        yield from grid(("SUPPRESSED", "SEVERITY", "WHERE", "WHY"), rows, width, style)


def _counted(some: Iterable[Secret]) -> str:
    counts = Counter(one.severity for one in some)
    parts = [f"{counts[name]} {name}" for name in reversed(SEVERITIES) if counts[name]]
    return printable(", ".join(parts))
