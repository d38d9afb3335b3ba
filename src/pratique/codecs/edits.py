"""Apply mechanical fixes to a text."""

from __future__ import annotations

from collections.abc import Iterable

from pratique.model.check import Edit


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with fixes made; of those that touch the same lines, the first alone.

    New lines end as those that they replace, or the one before, do: with CR LF or LF.
    """
    lines = text.split("\n")
    chosen: list[Edit] = []
    for edit in dict.fromkeys(edits):
        if not any(_touch(edit, other) for other in chosen):
            chosen.append(edit)
    for edit in sorted(chosen, key=lambda e: (e.start, e.end), reverse=True):
        new = edit.text.split("\n") if edit.text or edit.end < edit.start else []
        old = lines[edit.start - 1 : edit.end] or lines[max(edit.start - 2, 0) : edit.start - 1]
        if old and old[0].endswith("\r"):
            new = [f"{line.removesuffix(chr(13))}\r" for line in new]
        lines[edit.start - 1 : max(edit.end, edit.start - 1)] = new
    return "\n".join(lines)


def _touch(one: Edit, other: Edit) -> bool:
    return one.start <= max(other.end, other.start) and other.start <= max(one.end, one.start)
