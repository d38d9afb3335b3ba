"""What is wrong with configuration, a file at a time: the worst first, with its lines and the fix.

Where there is very much, a table of the checks comes first, and the places of the worst alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pratique.codecs.plaintext import printable
from pratique.formats.table.counts import counted
from pratique.formats.table.grid import Style, grid
from pratique.model.advisory import SEVERITIES
from pratique.model.misconfiguration import Examined, Misconfiguration
from pratique.model.report import Report
from pratique.model.settings import Settings

_MOST_SHOWN = 40
"""Checks in files that are shown with their lines."""
_MOST_PLACES = 5
"""Of one check in one file."""
_MOST_LINES = 6
_Group = list[Misconfiguration]
"""The failures of one check in one file."""


def misconfigurations(report: Report, chosen: Settings, width: int, style: Style) -> Iterator[str]:
    """Yield the lines of the section, which is there also where nothing is wrong."""
    failures = [failure for one in report.examined for failure in one.failures]
    yield ""
    head = f"Misconfiguration: {counted(failures) or 'none'}"
    yield style.bold(head) + f"  ({_judged(report, chosen)})"
    files = [_groups(one) for one in report.examined if one.failures]
    files.sort(key=lambda groups: (_weight(groups), groups[0][0].path))
    if sum(map(len, files)) > _MOST_SHOWN:
        yield ""
        yield from _by_check(failures, width, style)
    yield from _details(files, width, style)
    if chosen.show_suppressed:
        yield from _suppressed(report.examined, width, style)


def _judged(report: Report, chosen: Settings) -> str:
    count = len(report.examined)
    text = f"{count} file{'s' * (count != 1)} judged"
    if not count:
        text = "nothing that could be judged was found"
    suppressed = sum(len(one.suppressed) for one in report.examined)
    if suppressed:
        hint = "" if chosen.show_suppressed else ": --show-suppressed"
        text += f"; {suppressed} suppressed{hint}"
    return text


def _groups(one: Examined) -> list[_Group]:
    """Return the failures of a file by check, the worst check first, then in the file's order."""
    groups: dict[str, _Group] = {}
    for failure in sorted(one.failures, key=lambda f: f.start):
        groups.setdefault(failure.check, []).append(failure)
    return sorted(groups.values(), key=lambda group: (_urgency(group), group[0].start))


def _urgency(group: _Group) -> int:
    return -max(SEVERITIES.index(failure.severity) for failure in group)


def _weight(groups: Sequence[_Group]) -> list[int]:
    """Order files: the one with more of what is worst comes first."""
    counts = Counter(failure.severity for group in groups for failure in group)
    return [-counts[severity] for severity in reversed(SEVERITIES)]


def _details(files: Sequence[list[_Group]], width: int, style: Style) -> Iterator[str]:
    left = _MOST_SHOWN
    for at, groups in enumerate(files):
        if left <= 0:
            more = len(files) - at
            yield ""
            yield style.dim(f"and {more} more file{'s' * (more != 1)}: -f json lists everything")
            return
        every = [failure for group in groups for failure in group]
        first = every[0]
        yield ""
        title = f"{printable(first.path)} ({first.type})"
        yield style.bold(title) + f"  {counted(every)}"
        shown: set[tuple[int, int]] = set()
        for group in groups[:left]:
            yield from _check(group, shown, width, style)
        if len(groups) > left:
            yield style.dim(f"  and {len(groups) - left} more checks fail here")
        left -= len(groups)


def _check(group: _Group, shown: set[tuple[int, int]], width: int, style: Style) -> Iterator[str]:
    """Yield a check's places; lines that were shown once for the file are named by number."""
    first = max(group, key=lambda failure: SEVERITIES.index(failure.severity))
    id = f"{first.check} ({first.aliases[0]})" if first.aliases else first.check
    yield ""
    yield f"  {style.severity(first.severity)}  {id}  {style.bold(printable(first.title))}"
    for failure in group[:_MOST_PLACES]:
        lines = failure.start, failure.end
        new = bool(failure.code) and lines not in shown and len(group) <= _MOST_PLACES // 2
        yield from _place(failure, style, with_code=new)
        if new:
            shown.add(lines)
    if len(group) > _MOST_PLACES:
        others = ", ".join(str(failure.start) for failure in group[_MOST_PLACES:][:20])
        yield f"    and {len(group) - _MOST_PLACES} more, lines {others}"
    if first.resolution:
        yield from _wrapped(f"fix: {first.resolution}", width, style)


def _place(failure: Misconfiguration, style: Style, *, with_code: bool) -> Iterator[str]:
    resource = f"{failure.resource}: " if failure.resource else ""
    resource += f"layer #{failure.layer + 1}: " if failure.layer >= 0 else ""
    remarks = f"  [{'; '.join(failure.remarks)}]" if failure.remarks else ""
    line = f"line {failure.start}: " if failure.start and not with_code else ""
    yield f"    {printable(f'{line}{resource}{failure.message}{remarks}')}"
    if not with_code:
        return
    digits = len(str(failure.end))
    for number, text in enumerate(failure.code[:_MOST_LINES], failure.start):
        yield style.dim(f"      {number:{digits}} |") + f" {printable(text.expandtabs(4))[:160]}"
    more = failure.end - failure.start + 1 - min(len(failure.code), _MOST_LINES)
    if more > 0:
        yield style.dim(f"      {'':{digits}} | and {more} more line{'s' * (more != 1)}")


def _wrapped(text: str, width: int, style: Style) -> Iterator[str]:
    from textwrap import wrap  # noqa: PLC0415 - 3 ms

    for line in wrap(printable(text), max(width or 100, 40) - 9, subsequent_indent="     "):
        yield style.dim(f"    {line}")


def _by_check(failures: Iterable[Misconfiguration], width: int, style: Style) -> Iterator[str]:
    groups: dict[str, _Group] = {}
    for failure in failures:
        groups.setdefault(failure.check, []).append(failure)
    rows = []
    for group in sorted(groups.values(), key=lambda g: (_urgency(g), -len(g), g[0].check)):
        first = max(group, key=lambda failure: SEVERITIES.index(failure.severity))
        id = f"{first.check} ({first.aliases[0]})" if first.aliases else first.check
        files = len({failure.path for failure in group})
        rows.append((id, first.severity, str(len(group)), str(files), first.title))
    yield from grid(("ID", "SEVERITY", "PLACES", "FILES", "WHAT"), rows, width, style)


def _suppressed(examined: Iterable[Examined], width: int, style: Style) -> Iterator[str]:
    rows = [
        (f.check + (f" ({f.aliases[0]})" if f.aliases else ""), f.severity,
         f"{f.path}{f':{f.start}' if f.start else ''}", f.reason)
        for one in examined for f in one.suppressed
    ]  # fmt: skip
    if rows:
        yield ""
        yield from grid(("SUPPRESSED", "SEVERITY", "WHERE", "WHY"), rows, width, style)
