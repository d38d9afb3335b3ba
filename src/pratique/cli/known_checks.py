"""Say what the checks of configuration are: all in a list, or one at length."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.check_ids import canonical
from pratique.formats.table.grid import Style, grid
from pratique.misconfig import every_check
from pratique.model.advisory import SEVERITIES
from pratique.model.check import Check
from pratique.model.settings import Settings
from pratique.scanning import own_checks


def listed(chosen: Settings) -> str:
    """Return the checks of the severities that are asked for, own ones too, as table or JSON."""
    checks = [
        (kind, check) for kind, check in _every(chosen) if check.severity in chosen.severity
    ]  # fmt: skip
    if any(name == "json" for name, _ in chosen.outputs):
        return _as_json(checks)
    rows = [
        (check.name, kind, check.severity, " ".join(check.aliases), check.title)
        for kind, check in checks
    ]
    header = ("ID", "KIND", "SEVERITY", "ALSO", "TITLE")
    return "\n".join(grid(header, rows, 0, Style(color=False))) + "\n"


def explained(id: str) -> str:
    """Return what the checks of an id or alias are for; empty where there are none."""
    wanted = canonical(id)
    found = [
        "\n".join(_lines(kind, check)) + "\n"
        for kind, check in _every(Settings())
        if wanted in {canonical(name) for name in (check.name, *check.aliases)}
    ]
    return "\n".join(found)


def _every(chosen: Settings) -> Iterator[tuple[str, Check]]:
    own, _ = own_checks(chosen)
    for kind, checks in sorted(every_check().items()):
        every = (*checks, *(check for of, check in own if of == kind))
        for check in sorted(every, key=lambda c: (-SEVERITIES.index(c.severity), c.name)):
            yield kind, check


def _lines(kind: str, check: Check) -> Iterator[str]:
    yield f"{check.name}  {check.severity}  ({kind})"
    yield f"  {check.title}"
    if check.aliases:
        yield f"  also known as {', '.join(check.aliases)}"
    for head, text in (("Why", check.why), ("What to do", check.resolution)):
        if text:
            yield from ("", head, f"  {text}")
    yield from ("", "To let it pass, on the line or above it, with a reason",
                f"  # pratique:ignore {check.name} reason: …")  # fmt: skip
    if check.references:
        yield from ("", "References", *(f"  {url}" for url in check.references))


def _as_json(checks: list[tuple[str, Check]]) -> str:
    from msgspec import json  # noqa: PLC0415

    entries = [
        {"ID": check.name, "Kind": kind, "Aliases": check.aliases, "Severity": check.severity,
         "Title": check.title, "Description": check.why, "Resolution": check.resolution,
         "References": check.references, "Namespace": check.namespace}
        for kind, check in checks
    ]  # fmt: skip
    return json.format(json.encode(entries), indent=2).decode() + "\n"
