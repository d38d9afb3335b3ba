"""Comma-separated values (RFC 4180), a line a finding, for spreadsheets: no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from pratique.codecs.plaintext import cell, printable
from pratique.entries import by_urgency
from pratique.model.entry import Entry
from pratique.model.format import Format, Look
from pratique.model.report import Report
from pratique.model.settings import Settings

_HEADER = (
    "Target", "Platform", "Kind", "ID", "Severity", "Score", "EPSS", "Known exploited", "Package",
    "Installed", "Fixed", "Path", "Line", "Layer", "From base", "Title", "URL", "Fingerprint",
)  # fmt: skip


def render(reports: Sequence[Report], _chosen: Settings, _look: Look) -> str:
    """Return a header and one line for each finding, the most urgent first."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADER)
    for report in reports:
        for entry in by_urgency(report):
            writer.writerow([cell(printable(value)) for value in _row(entry, report)])
    return text.getvalue()


def _row(entry: Entry, report: Report) -> Iterator[str]:
    finding = entry.finding
    score = max((r.score for r in finding.ratings), default=0.0) if finding else 0.0
    yield from (report.name, report.image.platform if report.image else "", entry.kind, entry.id)
    yield from (entry.severity, f"{score:g}" if score else "")
    yield f"{finding.epss.score:g}" if finding and finding.epss else ""
    yield "yes" if finding and finding.exploited else ""
    yield from (entry.package, entry.version, ", ".join(entry.fixed), entry.path)
    yield str(entry.line or "")
    yield str(entry.layer + 1) if report.image and entry.layer >= 0 else ""
    yield "yes" if entry.from_base else ""
    yield from (entry.title, entry.url, entry.fingerprint)


format = Format("csv", render)
