"""What a person wants first: what it is, how bad, what is exploited; then a table by urgency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pratique import evidence
from pratique.codecs.plaintext import printable
from pratique.entries import fingerprint
from pratique.formats.table.grid import Style, grid
from pratique.formats.table.sections import sections
from pratique.formats.table.summary import summary
from pratique.model.finding import Finding
from pratique.model.format import Format, Look
from pratique.model.inventory import SYSTEM_TYPES
from pratique.model.report import Report
from pratique.model.settings import Settings

_HEADER = ("ID", "SEVERITY", "PACKAGE", "INSTALLED", "FIXED", "WHERE")


def render(reports: Sequence[Report], chosen: Settings, look: Look) -> str:
    """Return the reports as text, one after the other."""
    style = Style(look.color)
    return "\n".join("\n".join(_lines(r, chosen, look, style)) + "\n" for r in reports)


def _lines(report: Report, chosen: Settings, look: Look, style: Style) -> Iterator[str]:
    yield from summary(report, chosen, style)
    if report.findings:
        yield ""
        rows = [_row(finding, report) for finding in report.findings]
        header: tuple[str, ...] = _HEADER
        if baseline := report.baseline:
            header = ("STATE", *_HEADER)
            states = (baseline.states.get(fingerprint(f), "") for f in report.findings)
            rows = [(state, *row) for state, row in zip(states, rows, strict=True)]
        yield from grid(header, rows, look.width, style)
        yield from _layers(report, style)
    yield from sections(report, chosen, look.width, style)
    if report.suppressed and chosen.show_suppressed:
        yield ""
        rows = [(f.id, f.severity, f.package.name, f.package.version, "", f.reason)
                for f in report.suppressed]  # fmt: skip
        yield from grid(("SUPPRESSED", *_HEADER[1:4], "", "WHY"), rows, look.width, style)


def _row(finding: Finding, report: Report) -> tuple[str, ...]:
    package = finding.package
    fixed = ", ".join(finding.fixed) or finding.status.replace("_", " ")
    fixed = "; ".join((fixed, *finding.remarks))
    name = finding.id + ("*" if finding.exploited else "")
    installed = package.version or "unknown"
    return name, finding.severity, package.name, installed, fixed, _where(finding, report)


def _where(finding: Finding, report: Report) -> str:
    """Return layer and path, or why it weighs little; a system's package has no path of its own."""
    package = finding.package
    layer = f"#{package.changed + 1} " if report.image and package.changed >= 0 else ""
    path = "" if package.type in SYSTEM_TYPES else package.path
    inner = f" > {package.inner}" if package.inner else ""
    line = f":{package.line}" if package.line else ""
    remark = evidence.short(package)
    return f"{layer}{path}{line}{inner}{f'({remark})' if remark else ''}".strip() or "-"


def _layers(report: Report, style: Style) -> Iterator[str]:
    """Yield what made each layer that a finding is in."""
    if report.image is None:
        return
    used = sorted({f.package.changed for f in report.findings if f.package.changed >= 0})
    if not used:
        return
    yield ""
    yield style.dim("Layers")
    for index in used:
        layer = report.image.layers[index]
        made = " ".join(layer.created_by.split()) or layer.digest or layer.diff_id
        base = "  (base)" if index < report.base.layers else ""
        origin = report.origins.get(index)
        line = f"{origin.path}:{origin.start}  " if origin else ""
        yield f"  #{index + 1}{base}  {printable(line + _short(made))}"


def _short(text: str, limit: int = 110) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


format = Format("table", render)
