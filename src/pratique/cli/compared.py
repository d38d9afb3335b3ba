"""A comparison as text: for a terminal, for a pull request, for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import json

from pratique.codecs.plaintext import printable
from pratique.comparison import Changed, Comparison, Gone, SizedLayer, by_severity
from pratique.formats.table.grid import Style, grid
from pratique.model.finding import Finding
from pratique.model.format import Look
from pratique.model.inventory import Package
from pratique.model.report import Report

_Rows = list[tuple[str, ...]]
_FINDINGS = ("ID", "SEVERITY", "PACKAGE", "BEFORE", "AFTER")
_PACKAGES = ("PACKAGE", "TYPE", "BEFORE", "AFTER", "")
_LAYERS = ("LAYER", "SIZE", "", "MADE BY")
_SIGNS = {"both": " ", "removed": "-", "added": "+"}
_MADE_BY = 90
_MOST_PROBLEMS = 3


def as_table(found: Comparison, look: Look) -> str:
    """Return headings and columns, cut to the width of a terminal."""
    style = Style(look.color)
    lines = [style.bold(f"{printable(found.before.name)} -> {printable(found.after.name)}")]
    lines += [f"  {printable(line)}" for line in _summary(found)]
    for title, header, rows in _sections(found):
        if rows:
            lines += ["", style.bold(title), *grid(header, rows, look.width, style)]
    return "\n".join(lines) + "\n"


def as_markdown(found: Comparison) -> str:
    """Return GitHub's Markdown (https://github.github.com/gfm/)."""
    before, after = _escaped(found.before.name), _escaped(found.after.name)
    lines = [f"## {before} → {after}", "", *(f"- {_escaped(line)}" for line in _summary(found))]
    for title, header, rows in _sections(found):
        if rows:
            lines += ["", f"### {title}", "", _row(header), _row(["---"] * len(header))]
            lines += [_row(_escaped(cell) for cell in row) for row in rows]
    return "\n".join(lines) + "\n"


def as_json(found: Comparison) -> str:
    """Return one object; names are those of the JSON report."""
    document = {
        "Before": _side(found.before),
        "After": _side(found.after),
        "Findings": {
            "New": [_finding(one, "Before") for one in found.new],
            "Fixed": [_finding(one, "After") for one in found.fixed],
            "Unchanged": by_severity(found.kept),
        },
        "Packages": {
            "Added": [_package(one) for one in found.added],
            "Removed": [_package(one) for one in found.removed],
            "Changed": [
                {"Name": one.package.name, "Type": one.package.type, "Before": one.before,
                 "After": one.after, "Direction": one.direction}
                for one in found.changed
            ],
        },
        "Layers": [
            {"State": one.state, "DiffID": one.layer.diff_id, "Digest": one.layer.digest,
             "Size": one.layer.size, "CreatedBy": one.layer.created_by}
            for one in found.layers
        ],
    }  # fmt: skip
    return json.format(json.encode(document), indent=2).decode() + "\n"


def _summary(found: Comparison) -> Iterator[str]:
    new, fixed = [one.finding for one in found.new], [one.finding for one in found.fixed]
    counts = f"{_counted(new)} new, {_counted(fixed)} fixed, {_counted(found.kept)} in both"
    yield f"findings: {counts}"
    counts = f"{len(found.added)} added, {len(found.removed)} removed"
    yield f"packages: {counts}, {len(found.changed)} in other versions"
    if found.before.image and found.after.image:
        before, after = found.before.image.size, found.after.image.size
        difference = f"{'+' if after >= before else '-'}{_size(abs(after - before))}"
        yield f"size: {_size(before)} -> {_size(after)} ({difference})"
    if _distro(found.before) != _distro(found.after):
        yield f"distribution: {_distro(found.before)} -> {_distro(found.after)}"
    yield from _unjudged(found.before)
    yield from _unjudged(found.after)


def _unjudged(report: Report) -> Iterator[str]:
    if report.missing:
        shards = ", ".join(report.missing)
        yield f"NOT CHECKED in {report.name}: advisories are missing for {shards}"
    for problem in report.problems[:_MOST_PROBLEMS]:
        where = f" ({problem.where})" if problem.where else ""
        yield f"not read or not judged in {report.name}: {problem.what}{where}"
    if len(report.problems) > _MOST_PROBLEMS:
        yield f"and {len(report.problems) - _MOST_PROBLEMS} more of {report.name}"


def _sections(found: Comparison) -> Iterator[tuple[str, Sequence[str], _Rows]]:
    yield "New findings", _FINDINGS, [_found(one, is_new=True) for one in found.new]
    yield "Fixed findings", _FINDINGS, [_found(one, is_new=False) for one in found.fixed]
    yield (
        "Packages",
        _PACKAGES,
        [
            *(_changed(one) for one in found.changed),
            *((p.name, p.type, "", p.version or "unknown", "added") for p in found.added),
            *((p.name, p.type, p.version or "unknown", "", "removed") for p in found.removed),
        ],
    )
    differ = any(one.state != "both" for one in found.layers)
    yield "Layers", _LAYERS, [_layer(one) for one in found.layers] if differ else []


def _found(one: Gone, *, is_new: bool) -> tuple[str, ...]:
    finding = one.finding
    own, other = finding.package.version or "unknown", ", ".join(one.other) or "-"
    versions = (other, own) if is_new else (own, other)
    return (
        finding.id + ("*" if finding.exploited else ""),
        finding.severity,
        (finding.package.name),
        *versions,
    )


def _changed(one: Changed) -> tuple[str, ...]:
    note = "" if one.direction == "upgraded" else one.direction
    return one.package.name, one.package.type, ", ".join(one.before), ", ".join(one.after), note


def _layer(one: SizedLayer) -> tuple[str, ...]:
    made = " ".join(one.layer.created_by.split())
    digest = one.layer.diff_id.partition(":")[2][:12]
    return digest, _size(one.layer.size), _SIGNS[one.state], made[:_MADE_BY]


def _counted(findings: Iterable[Finding]) -> str:
    counts = by_severity(findings)
    parts = ", ".join(f"{count} {severity.lower()}" for severity, count in counts.items())
    return f"{sum(counts.values())} ({parts})" if parts else "0"


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _distro(report: Report) -> str:
    distro = report.inventory.distro
    return " ".join(filter(None, (distro.id, distro.version))) if distro else "none"


def _escaped(text: str) -> str:
    """Keep a name out of the way of Markdown and of HTML."""
    plain = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace("\\", "\\\\")
    for mark in "|*_`[]":
        plain = plain.replace(mark, f"\\{mark}")
    return plain


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _side(report: Report) -> dict[str, Any]:
    image = report.image
    return {
        "ArtifactName": report.name,
        "ImageID": image.id if image else "",
        "OS": _distro(report),
        "Size": image.size if image else 0,
        "Packages": len(report.inventory.packages),
        "Findings": by_severity(report.findings),
        "NotChecked": report.missing,
        "Problems": [{"What": one.what, "Where": one.where} for one in report.problems],
    }


def _finding(one: Gone, other: str) -> dict[str, Any]:
    finding = one.finding
    return {
        "VulnerabilityID": finding.id,
        "PkgName": finding.package.name,
        "PkgType": finding.package.type,
        "InstalledVersion": finding.package.version,
        "FixedVersion": ", ".join(finding.fixed),
        "Severity": finding.severity,
        "PkgPath": finding.package.path,
        other: one.other,
    }


def _package(package: Package) -> dict[str, str]:
    return {"Name": package.name, "Type": package.type, "Version": package.version,
            "Path": package.path}  # fmt: skip
