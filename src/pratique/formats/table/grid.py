"""Columns of text, cut to the width of a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pratique.codecs.plaintext import printable

_COLORS = {
    "CRITICAL": "1;31", "HIGH": "31", "MEDIUM": "33", "LOW": "34", "UNKNOWN": "90",
}  # fmt: skip
_GAP = "  "
_LEAST = 12


class Style:
    """Colours, or none."""

    def __init__(self, color: bool) -> None:  # noqa: FBT001 - what it is
        self._color = color

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._color and text.strip() else text

    def severity(self, text: str) -> str:
        return self.paint(text, _COLORS.get(text.strip(), ""))

    def dim(self, text: str) -> str:
        return self.paint(text, "2")

    def bold(self, text: str) -> str:
        return self.paint(text, "1")


def grid(
    header: Sequence[str], rows: Sequence[Sequence[str]], width: int, style: Style
) -> Iterator[str]:
    """Yield lines; with a width the widest columns are cut until they fit, without one none is."""
    clean = [[printable(cell) for cell in row] for row in rows]
    table = [list(header), *clean]
    widths = [max(len(row[column]) for row in table) for column in range(len(header))]
    if width:
        widths = _fitted(widths, width - len(_GAP) * (len(widths) - 1))
    yield style.dim(_line(header, widths))
    severity = header.index("SEVERITY") if "SEVERITY" in header else -1
    for row in clean:
        cells = [_cut(cell, size) for cell, size in zip(row, widths, strict=True)]
        padded = [cell.ljust(size) for cell, size in zip(cells, widths, strict=True)]
        if severity >= 0:
            padded[severity] = style.severity(padded[severity])
        yield _GAP.join(padded).rstrip()


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return _GAP.join(map(str.ljust, cells, widths)).rstrip()


def _fitted(widths: list[int], total: int) -> list[int]:
    widths = list(widths)
    while sum(widths) > total and max(widths) > _LEAST:
        widest = widths.index(max(widths))
        others = sorted(widths)[-2] if len(widths) > 1 else 0
        surplus = sum(widths) - total
        widths[widest] = max(_LEAST, widths[widest] - max(1, min(surplus, widths[widest] - others)))
    return widths


def _cut(text: str, size: int) -> str:
    """Cut in the middle: both ends of a path tell something."""
    if len(text) <= size:
        return text
    tail = (size - 1) * 2 // 3
    return f"{text[: size - 1 - tail]}…{text[len(text) - tail :]}"
