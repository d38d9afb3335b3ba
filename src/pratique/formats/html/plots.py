"""Two plots as SVG: severities by layer, and how many findings have a fix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from pratique.codecs.plaintext import cut, printable
from pratique.model.advisory import SEVERITIES
from pratique.model.entry import Entry
from pratique.model.report import Report

_WORST_FIRST = tuple(reversed(SEVERITIES))
_WIDE, _BAR, _LABEL, _MOST_ROWS = 640, 18, 260, 40


def plots(report: Report, entries: Sequence[Entry]) -> Iterator[str]:
    """Yield the plots of a report, none where nothing was found."""
    if not entries:
        return
    yield "<div class=plots><figure><figcaption>Severity by fix</figcaption>"
    yield from _bars(_by_fix(entries))
    yield "</figure>"
    if report.image and len(report.image.layers) > 1:
        yield "<figure><figcaption>Severity by layer</figcaption>"
        yield from _bars(_by_layer(report, entries))
        yield "</figure>"
    yield "</div>"


def _by_fix(entries: Sequence[Entry]) -> list[tuple[str, Counter[str]]]:
    fixed = [entry for entry in entries if _can_be_fixed(entry)]
    rest = [entry for entry in entries if not _can_be_fixed(entry)]
    return [("something to do", _counted(fixed)), ("no fix yet", _counted(rest))]


def _can_be_fixed(entry: Entry) -> bool:
    return bool(entry.fixed) or entry.kind != "vulnerability"


def _by_layer(report: Report, entries: Sequence[Entry]) -> list[tuple[str, Counter[str]]]:
    layers = report.image.layers if report.image else ()
    rows = []
    for index, layer in enumerate(layers):
        here = [entry for entry in entries if entry.layer == index]
        if here:
            base = " (base)" if index < report.base.layers else ""
            made = " ".join(layer.created_by.split())
            rows.append((f"{index + 1}{base} {made}", _counted(here)))
    return rows[:_MOST_ROWS]


def _counted(entries: Sequence[Entry]) -> Counter[str]:
    return Counter(entry.severity for entry in entries)


def _bars(rows: Sequence[tuple[str, Counter[str]]]) -> Iterator[str]:
    """Yield a bar for each row, its parts as wide as their shares of the longest bar."""
    longest = max((sum(counts.values()) for _, counts in rows), default=0) or 1
    room = _WIDE - _LABEL - 50
    height = len(rows) * (_BAR + 6)
    yield f'<svg viewBox="0 0 {_WIDE} {height}" role=img>'
    for number, (label, counts) in enumerate(rows):
        top, left = number * (_BAR + 6), float(_LABEL)
        shown = escape(printable(cut(label, 42)))
        yield f'<text x="{_LABEL - 6}" y="{top + 13}" text-anchor="end">{shown}</text>'
        for severity in _WORST_FIRST:
            wide = counts[severity] * room / longest
            if wide:
                yield (
                    f'<rect class="{severity}" x="{left:.1f}" y="{top}" width="{wide:.1f}" '
                    f'height="{_BAR}"><title>{counts[severity]} {severity}</title></rect>'
                )
                left += wide
        yield f'<text x="{left + 6:.1f}" y="{top + 13}">{sum(counts.values())}</text>'
    yield "</svg>"
