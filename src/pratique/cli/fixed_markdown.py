"""A plan in Markdown, for a pull request or a comment: what, why, risk, what stays, proof."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pratique.cli import fixed
from pratique.comparison import by_severity
from pratique.entries import url_of
from pratique.model.advisory import SEVERITIES
from pratique.model.finding import Finding
from pratique.outcome import Outcome

_MOST_STEPS, _MOST_FLAWS, _MOST_LEFT, _MOST_RISKS = 60, 25, 15, 30
_MOST_TEXT = 60_000
"""GitHub takes 65,536 characters."""
_UNSAFE = re.compile(r"([\\`*_\[\]<>|#@!~])")
_LONGEST_TITLE = 120
SCANNED = "The changed project was scanned again:"
RECKONED = "Reckoned from scans of the image and of its base; build it and scan again to be sure:"
BUILT = "The changed Dockerfile was built, and what came of it was scanned:"


def title(outcome: Outcome) -> str:
    """Return a line that says what is changed, and what for."""
    gone = len(outcome.compared.before.findings) - len(outcome.compared.after.findings)
    flaws = f"{gone} known vulnerabilit{'y' if gone == 1 else 'ies'}"
    if len(outcome.steps) == 1:
        [step] = outcome.steps
        text = f"Update {step.bump.name} to {step.to}: {flaws} removed"
    else:
        text = f"Update {len(outcome.steps)} dependencies: {flaws} removed"
    return " ".join(text.split())[:_LONGEST_TITLE]


def body(outcome: Outcome, how: str, tested: str = "") -> str:
    """Return the whole; `how` says what the proof is, `tested` is the test that it passed."""
    text = "\n".join(_lines(outcome, how, tested)) + "\n"
    if len(text) <= _MOST_TEXT:
        return text
    return text[: text.rindex("\n", 0, _MOST_TEXT)] + "\n\n*Cut: it is too long.*\n"


def _lines(outcome: Outcome, how: str, tested: str) -> Iterator[str]:
    yield f"**{fixed.headline(outcome)}**\n"
    if outcome.steps:
        yield "| Change | From | To | Level | Removes | In |\n|---|---|---|---|---|---|"
        yield from _rows([_step(fixed.step_row(step, outcome)) for step in outcome.steps],
                         _MOST_STEPS, "changes")  # fmt: skip
        if outcome.along:
            yield f"\nAmong these are {len(outcome.along)} of packages that they bring along."
        yield "\n### Why\n"
        yield from _flaws([f for step in outcome.steps for f in step.removes])
        yield from _risks(outcome)
    if outcome.mended:
        yield "\n### Habits\n\n| Change | Removes | Risk | In |\n|---|---|---|---|"
        yield from _rows(fixed.habit_rows(outcome), _MOST_STEPS, "changes")
    yield from _left(outcome)
    yield from _proof(outcome, how, tested)


def _step(cells: Sequence[str]) -> tuple[str, ...]:
    """Put what is urgent beside what is removed: a table of its own column is wide."""
    *first, removes, urgent, where = cells
    return (*first, f"{removes} ({urgent})" if urgent else removes, where)


def _flaws(removed: Sequence[Finding]) -> Iterator[str]:
    """Yield each flaw once, with the packages that have it, the most urgent first."""
    named: dict[str, list[Finding]] = {}
    for finding in sorted(removed, key=fixed.urgency):
        named.setdefault(finding.id, []).append(finding)
    for id, found in list(named.items())[:_MOST_FLAWS]:
        finding = found[0]
        marks = [finding.severity.lower(), *fixed.marks(found)]
        names = ", ".join(dict.fromkeys(_plain(f.package.name) for f in found))
        words = f": {_plain(finding.prose.title)}" if finding.prose.title else ""
        yield f"- [{id}]({url_of(id)}) in {names} ({', '.join(marks)}){words}"
    if len(named) > _MOST_FLAWS:
        yield f"- and {len(named) - _MOST_FLAWS} more"


def _risks(outcome: Outcome) -> Iterator[str]:
    risks = [f"{_plain(s.bump.name)} goes to another major version ({_plain(s.to)}): read what it "
             "changes" for s in outcome.steps if fixed.level_of(s) == "major"]  # fmt: skip
    risks += [f"{_plain(s.bump.name)} is overridden: what needs it does not allow the version"
              for s in outcome.steps if s.overrides]  # fmt: skip
    risks += [f"{_plain(s.bump.name)}: no index was asked whether this version exists"
              for s in outcome.steps if s.bump.key in outcome.unchecked]  # fmt: skip
    risks += [f"left alone: {_plain(lie)}" for lie in outcome.lies]
    risks += [_plain(remark) for remark in outcome.remarks]
    yield "\n### Risk\n"
    yield from (f"- {risk}" for risk in risks[:_MOST_RISKS])
    if len(risks) > _MOST_RISKS:
        yield f"- and {len(risks) - _MOST_RISKS} more"
    if not risks:
        yield "Patch and minor versions alone; the project's own resolver accepts them."


def _left(outcome: Outcome) -> Iterator[str]:
    rows = [(name, version, fixed.severities(found), why)
            for name, version, found, why in fixed.left(outcome)]  # fmt: skip
    if rows:
        yield "\n### What stays\n\n| Package | Version | Findings | Why |\n|---|---|---|---|"
        yield from _rows(rows, _MOST_LEFT, "packages")


def _proof(outcome: Outcome, how: str, tested: str) -> Iterator[str]:
    compared = outcome.compared
    new = [one.finding for one in compared.new]
    before, after, brought = (by_severity(found) for found in
                              (compared.before.findings, compared.after.findings, new))  # fmt: skip
    yield f"\n### Proof\n\n{how}\n"
    yield "| | Before | After | New |\n|---|---|---|---|"
    for name in reversed(SEVERITIES):
        if before.get(name) or after.get(name):
            counts = (str(some.get(name, 0)) for some in (before, after, brought))
            yield f"| {name.capitalize()} | {' | '.join(counts)} |"
    totals = (len(found) for found in (compared.before.findings, compared.after.findings, new))
    yield f"| **All** | {' | '.join(f'**{total}**' for total in totals)} |"
    yield from (f"- new: {f.id} in {_plain(f.package.name)}" for f in new)
    if compared.after.missing:
        yield f"\nNot checked: advisories are missing for {', '.join(compared.after.missing)}."
    if tested:
        yield f"\n`{' '.join(tested.replace('`', '').split())}` passes."


def _rows(rows: Sequence[Iterable[str]], most: int, what: str) -> Iterator[str]:
    yield from ("| " + " | ".join(map(_plain, row)) + " |" for row in rows[:most])
    if len(rows) > most:
        yield f"\nand {len(rows) - most} more {what}"


def _plain(text: str) -> str:
    """Return text that Markdown takes as it is, on one line; nobody is notified by an @."""
    return _UNSAFE.sub(r"\\\1", " ".join(text.split()))
