"""Markdown for a comment on a pull request, or a job's summary: short, and what to do first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pratique.codecs.plaintext import markdown as plain
from pratique.entries import by_urgency
from pratique.model.advisory import SEVERITIES
from pratique.model.entry import Entry
from pratique.model.format import Format, Look
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.model.upgrade import Change
from pratique.next_steps import ways
from pratique.upgrades import changes

_MOST_CHANGES, _MOST_ROWS, _MOST_PROBLEMS = 8, 50, 10
_MOST_TEXT = 60_000  # GitHub takes 65,536 characters
_PLAIN = re.compile(r"[\w ./:@'+=-]+", re.ASCII)
_SIGNS = {"CRITICAL": "🔴", "HIGH": "🟠", "MEDIUM": "🟡", "LOW": "🔵", "UNKNOWN": "⚪"}
_HEADINGS = {
    "vulnerability": "Vulnerabilities", "misconfiguration": "Misconfiguration",
    "secret": "Secrets", "license": "Licences",
}  # fmt: skip


def render(reports: Sequence[Report], chosen: Settings, _look: Look) -> str:
    """Return the reports one after the other; rows that do not fit are counted."""
    text = "\n".join(line for report in reports for line in _lines(report, chosen)) + "\n"
    if len(text) <= _MOST_TEXT:
        return text
    return text[: text.rindex("\n", 0, _MOST_TEXT)] + "\n\n</details>\n\n*Cut: it is too long.*\n"


def _lines(report: Report, chosen: Settings) -> Iterator[str]:
    entries = by_urgency(report)
    platform = f" ({report.image.platform})" if report.image and report.image.platform else ""
    yield f"### Pratique: {plain(report.name)}{platform}"
    yield ""
    yield from _totals(entries)
    yield from _verdicts(report)
    yield from _against(report, entries)
    if report.lifecycle.ended:
        yield ""
        yield f"**End of life since {report.lifecycle.date}**: the distribution gets no fixes."
    yield from _what_to_change(report, chosen)
    for kind, heading in _HEADINGS.items():
        yield from _table(heading, [entry for entry in entries if entry.kind == kind])
    yield from _problems(report)
    yield ""


def _totals(entries: Sequence[Entry]) -> Iterator[str]:
    if not entries:
        yield "✅ Nothing found."
        return
    counts = Counter(entry.severity for entry in entries)
    parts = [f"{_SIGNS[name]} {counts[name]} {name.lower()}" for name in reversed(SEVERITIES)
             if counts[name]]  # fmt: skip
    exploited = sum(bool(e.finding and e.finding.exploited) for e in entries)
    known = f" · **{exploited} known to be exploited**" if exploited else ""
    yield f"**{len(entries)} findings** · {' · '.join(parts)}{known}"


def _verdicts(report: Report) -> Iterator[str]:
    for one in report.verdicts:
        yield ""
        sign = "✅ passed" if one.passed else "❌ failed"
        where = f" ({plain(one.environment)})" if one.environment else ""
        yield f"**Policy {plain(one.policy)}**{where}: {sign}"
        if one.breaches:
            yield ""
        for breach in one.breaches:
            mark = "❌" if breach.action == "deny" else "⚠️"
            advice = f" — {plain(breach.advice)}" if breach.advice else ""
            yield f"- {mark} {plain(breach.gate)}: {plain(breach.what)}{advice}"


def _against(report: Report, entries: Sequence[Entry]) -> Iterator[str]:
    """Yield what is new against the baseline, before all else: it is what the change brought."""
    if (baseline := report.baseline) is None:
        return
    counts = Counter(baseline.states.values())
    yield ""
    yield (
        f"Against {plain(baseline.name)}: **{counts['new']} new** · "
        f"{counts['disclosed']} disclosed since · {counts['unchanged']} unchanged · "
        f"{len(baseline.fixed)} fixed"
    )
    yield from _table("New", [e for e in entries if baseline.states.get(e.fingerprint) == "new"])
    yield from _table("Fixed", baseline.fixed)


def _what_to_change(report: Report, chosen: Settings) -> Iterator[str]:
    planned = changes(report)
    if not planned:
        return
    first = planned[:_MOST_CHANGES]
    removed = sum(len(change.removes) for change in first)
    yield ""
    yield f"**What to change**: {len(first)} of these remove {removed} of {len(report.findings)}"
    yield ""
    yield "| Change | From | To | Removes |"
    yield "|---|---|---|---|"
    for change in first:
        yield f"| {' | '.join(_change(change))} |"
    if len(planned) > len(first):
        yield ""
        yield f"and {len(planned) - len(first)} more"
    # one with a strange name could be read as markup
    commands = [way.command for way in ways(report, chosen) if _PLAIN.fullmatch(way.command)]
    if commands:
        yield ""
        yield f"To make them: {' or '.join(f'`{command}`' for command in commands)}"


def _change(change: Change) -> tuple[str, ...]:
    counts = Counter(finding.severity for finding in change.removes)
    parts = " ".join(f"{_SIGNS[name]} {counts[name]}" for name in reversed(SEVERITIES)
                     if counts[name])  # fmt: skip
    first = change.upgrades[0]
    if change.is_system:
        names = ", ".join(plain(upgrade.name) for upgrade in change.upgrades[:5])
        more = f" and {len(change.upgrades) - 5} more" if len(change.upgrades) > 5 else ""
        return f"upgrade the distribution's packages: {names}{more}", "", "", parts
    mark = " (major)" if first.level == "major" else ""
    return plain(first.name), plain(", ".join(first.installed)), plain(first.to) + mark, parts


def _table(heading: str, entries: Sequence[Entry]) -> Iterator[str]:
    if not entries:
        return
    yield ""
    yield f"<details><summary>{heading}: {len(entries)}</summary>"
    yield ""
    yield "| | ID | What | Where | Fix |"
    yield "|---|---|---|---|---|"
    for entry in entries[:_MOST_ROWS]:
        yield f"| {' | '.join(_row(entry))} |"
    if len(entries) > _MOST_ROWS:
        yield ""
        yield f"and {len(entries) - _MOST_ROWS} more"
    yield ""
    yield "</details>"


def _row(entry: Entry) -> tuple[str, ...]:
    id = plain(entry.id)
    if entry.url.startswith("https://") and not any(c in entry.url for c in " <>()|"):
        id = f"[{id}]({entry.url})"
    star = " **exploited**" if entry.finding and entry.finding.exploited else ""
    what = plain(f"{entry.package} {entry.version}".strip() or entry.title)
    line = f":{entry.line}" if entry.line else ""
    where = "" if entry.system else plain(entry.path) + line
    if origin := entry.origin:
        where = f"{plain(origin.path)}:{origin.line_of(entry.package)} {origin.instruction}"
    fix = ", ".join(plain(version) for version in entry.fixed[:3]) or plain(entry.advice)
    return _SIGNS[entry.severity], id + star, what, where, "" if entry.system and not fix else fix


def _problems(report: Report) -> Iterator[str]:
    missing = [f"no advisories for {name}" for name in report.missing]
    texts = [f"{p.where}: {p.what}" if p.where else p.what for p in report.problems] + missing
    if not texts:
        return
    yield ""
    yield f"<details><summary>Not read or not judged: {len(texts)}</summary>"
    yield ""
    yield from (f"- {plain(text)}" for text in texts[:_MOST_PROBLEMS])
    if len(texts) > _MOST_PROBLEMS:
        yield f"- and {len(texts) - _MOST_PROBLEMS} more"
    yield ""
    yield "</details>"


format = Format("markdown", render)
