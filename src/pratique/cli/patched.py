"""What a patch did, as text: for a terminal, for programs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import json

from pratique.codecs.plaintext import printable
from pratique.comparison import by_severity
from pratique.formats.table.grid import Style, grid
from pratique.model.advisory import SEVERITIES
from pratique.model.finding import Finding
from pratique.model.format import Look
from pratique.patch.layer import Written
from pratique.patch.model import Order, Patched, Upgraded

_REMAINING = 20


_ARCHIVE = re.compile(r".*?\.(?:jar|war|ear|par|sar|hpi|jpi)(?=/|\Z)")


def as_table(done: Sequence[Patched], order: Order, digest: str, look: Look) -> str:
    """Return what changed, what stays and why, and the findings before and after, side by side."""
    style = Style(look.color)
    lines: list[str] = []
    for one in done:
        lines += [*_image(one, order, style, look.width), ""]
    where = f" in {order.path}" if order.path else ""
    if digest:
        lines.append(f"written: {printable(order.tag)}{printable(where)} {digest}")
    else:
        lines.append("nothing to patch; nothing is written")
    return "\n".join(lines) + "\n"


def _image(one: Patched, order: Order, style: Style, width: int) -> Iterator[str]:
    name = printable(f"{one.before.name} ({one.before.platform})")
    yield style.bold(f"{name} -> {printable(order.tag)}")
    rows = [(_named(u), u.arch, u.before or "-", u.after, ", ".join(u.not_run))
            for u in one.upgraded]  # fmt: skip
    if rows:
        yield from _filled(("PACKAGE", "ARCH", "BEFORE", "AFTER", "NOT RUN"), rows, width, style)
    for change in (one.change, one.app):
        if not change.layer:
            continue
        replaced = sum(u.replaced for u in change.upgraded)
        sizes = (change.layer.size, change.layer.unpacked, replaced)
        packed, unpacked, before = (f"{size / 1e6:.1f} MB" for size in sizes)
        yield f"  layer: {packed}, {unpacked} unpacked, in place of {before}"
    if left := (*one.change.stays, *one.app.stays):
        yield ""
        stays = [(s.name, s.version, printable(s.why)) for s in left]
        yield from grid(("STAYS", "VERSION", "WHY"), stays, width, style)
    yield from (f"  note: {printable(note)}" for note in (*one.change.notes, *one.app.notes))
    yield from ["", *_proof(one, style, width)]


def _filled(
    heads: Sequence[str], rows: Sequence[Sequence[str]], width: int, style: Style
) -> Iterator[str]:
    """Yield a table without the columns that say nothing."""
    kept = [number for number in range(len(heads)) if any(row[number] for row in rows)]
    told = [tuple(row[number] for number in kept) for row in rows]
    yield from grid(tuple(heads[number] for number in kept), told, width, style)


def _named(one: Upgraded) -> str:
    """Return a package by those that have it in their folder: `express > qs`; an archive of Java
    by the file that it is, or is in.
    """
    if archive := _ARCHIVE.match(one.path):
        return printable(f"{one.name} in /{archive[0]}")
    inner = one.path.split("node_modules/")[1:-1]
    return printable(" > ".join([*(part.rstrip("/") for part in inner), one.name]))


def _proof(one: Patched, style: Style, width: int) -> Iterator[str]:
    before, after = one.proof.before, one.proof.after
    had, has = by_severity(before.findings), by_severity(after.findings)
    rows: list[tuple[str, ...]] = [
        _row(severity, had.get(severity, 0), has.get(severity, 0))
        for severity in reversed(SEVERITIES) if had.get(severity) or has.get(severity)
    ]  # fmt: skip
    rows.append(_row("all", len(before.findings), len(after.findings)))
    yield from grid(("FINDINGS", "BEFORE", "AFTER", "REMOVED"), rows, width, style)
    if before.missing:
        yield f"  NOT CHECKED: advisories are missing for {', '.join(before.missing)}"
    removed = _removed(one)
    for finding, count, every in removed[:_REMAINING]:
        package = finding.package
        to = {
            u.after for u in one.upgraded if (u.name, u.before) == (package.name, package.version)
        }
        where = f" ({count} of {every} places)" if count < every else ""
        yield (f"  removed: {finding.id} {finding.severity} {printable(package.name)} "
               f"{package.version} -> {', '.join(sorted(to)) or 'gone'}{where}")  # fmt: skip
    if len(removed) > _REMAINING:
        yield f"  and {len(removed) - _REMAINING} more"


def _row(name: str, had: int, has: int) -> tuple[str, ...]:
    """Return a row; a patch that brings a finding is not made: what is not there was removed."""
    return name, str(had), str(has), str(had - has)


def _removed(one: Patched) -> list[tuple[Finding, int, int]]:
    """Return what was removed in some place, in how many, and of how many."""

    def key(finding: Finding) -> tuple[str, ...]:
        package = finding.package
        return finding.id, package.type, package.name, package.version

    had, has = (Counter(map(key, report.findings))
                for report in (one.proof.before, one.proof.after))  # fmt: skip
    first = {key(finding): finding for finding in reversed(one.proof.before.findings)}
    return [
        (finding, had[which] - has[which], had[which])
        for which, finding in reversed(first.items()) if has[which] < had[which]
    ]  # fmt: skip


def as_json(done: Sequence[Patched], order: Order, digest: str) -> str:
    """Return one object; names are those of the JSON report."""
    document = {
        "Image": order.tag, "Path": order.path, "Digest": digest,
        "Platforms": [_as_document(one) for one in done],
    }  # fmt: skip
    return json.format(json.encode(document), indent=2).decode() + "\n"


def _as_document(one: Patched) -> dict[str, Any]:
    return {
        "ArtifactName": one.before.name, "Platform": one.before.platform,
        "ImageID": {"Before": one.before.id, "After": one.after.id},
        "Packages": [
            {"Name": u.name, "Arch": u.arch, "Before": u.before, "After": u.after,
             "ScriptsNotRun": u.not_run, "ReplacedSize": u.replaced, "Path": u.path}
            for u in one.upgraded
        ],
        "Staying": [{"Name": s.name, "Version": s.version, "Why": s.why}
                    for s in (*one.change.stays, *one.app.stays)],
        "Notes": (*one.change.notes, *one.app.notes),
        "Layer": _layer(one.change.layer), "AppLayer": _layer(one.app.layer),
        "Findings": {
            "Before": by_severity(one.proof.before.findings),
            "After": by_severity(one.proof.after.findings),
            "Removed": [_finding(finding) for finding, _, _ in _removed(one)],
            "New": [_finding(gone.finding) for gone in one.proof.new],
            "Remaining": [_finding(finding) for finding in one.proof.kept],
        },
        "NotChecked": one.proof.before.missing,
    }  # fmt: skip


def _layer(layer: Written | None) -> dict[str, Any] | None:
    if layer is None:
        return None
    return {"DiffID": layer.diff_id, "Digest": layer.digest, "Size": layer.size,
                      "UnpackedSize": layer.unpacked}  # fmt: skip


def _finding(finding: Finding) -> dict[str, str]:
    return {"VulnerabilityID": finding.id, "Severity": finding.severity,
            "PkgName": finding.package.name, "InstalledVersion": finding.package.version,
            "FixedVersion": ", ".join(finding.fixed)}  # fmt: skip
