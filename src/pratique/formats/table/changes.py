"""The few changes that remove most of what is wrong: the first thing that a report says to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pratique.codecs.plaintext import printable
from pratique.formats.table.grid import Style
from pratique.model.advisory import SEVERITIES
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.model.upgrade import Change
from pratique.next_steps import ways
from pratique.upgrades import changes

_MOST_CHANGES = 5


def what_to_change(report: Report, chosen: Settings, style: Style) -> Iterator[str]:
    """Yield the few changes that remove most, and the commands that make them."""
    planned = changes(report)
    if not planned:
        return
    first = planned[:_MOST_CHANGES]
    removed, total = sum(len(change.removes) for change in first), len(report.findings)
    count = f"{len(first)} change{'s' * (len(first) != 1)}"
    verb = "removes" if len(first) == 1 else "remove"
    yield ""
    yield style.bold(f"  What to change: {count} {verb} {removed} of {total}")
    texts = [_change(change) for change in first]
    wide = max(map(len, texts))
    for number, (change, text) in enumerate(zip(first, texts, strict=True), 1):
        yield f"    {number}. {text.ljust(wide)}  {_removes(change)}"
    if rest := planned[_MOST_CHANGES:]:
        more = sum(len(change.removes) for change in rest)
        yield style.dim(f"    and {len(rest)} more, which remove {more}")
    yield from _ways(report, chosen, style)


def _ways(report: Report, chosen: Settings, style: Style) -> Iterator[str]:
    commands = [(printable(way.command), way.does) for way in ways(report, chosen)]
    wide = max((len(command) for command, _ in commands), default=0)
    for command, does in commands:
        yield f"    {command.ljust(wide)}  {style.dim(f'# {does}')}"


def _change(change: Change) -> str:
    first = change.upgrades[0]
    if change.is_system:
        packages = sum(len(upgrade.packages) for upgrade in change.upgrades)
        return f"upgrade {packages} package{'s' * (packages != 1)} of the distribution"
    major = " (major)" if first.level == "major" else ""
    return printable(f"{first.name} {first.installed[0]} -> {first.to}{major}")


def _removes(change: Change) -> str:
    counts = Counter(finding.severity for finding in change.removes)
    parts = [f"{counts[name]} {name.lower()}" for name in reversed(SEVERITIES) if counts[name]]
    exploited = ", exploited" if any(f.exploited for f in change.removes) else ""
    return f"removes {len(change.removes)}: {', '.join(parts[:3])}{exploited}"
