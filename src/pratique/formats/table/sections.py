"""What is found beside vulnerabilities, a section each."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.listing import listed
from pratique.codecs.plaintext import printable
from pratique.formats.table.counts import counted
from pratique.formats.table.grid import Style, grid
from pratique.formats.table.licenses import licenses
from pratique.formats.table.misconfigurations import misconfigurations
from pratique.model.advisory import SEVERITIES
from pratique.model.report import Report
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
        yield from licenses(report, width, style)
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
    yield style.bold(f"Secrets: {counted(secrets) or 'none'}")
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
