"""Pull requests of a plan: what each says, and what became of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from pratique.cli import fixed
from pratique.cli.parser import Asked
from pratique.comparison import by_severity
from pratique.delivery.deliver import deliver, kind_of, token_of
from pratique.delivery.model import Wanted
from pratique.delivery.repository import Repository
from pratique.entries import url_of
from pratique.errors import UsageError
from pratique.model.advisory import SEVERITIES
from pratique.model.finding import Finding
from pratique.remedying import Key, Outcome

_MOST_FLAWS, _MOST_LEFT = 25, 15
_UNSAFE = re.compile(r"([\\`*_\[\]<>|#@!])")
_LONGEST_TITLE = 120


def groups(outcome: Outcome, by: str) -> dict[str, frozenset[Key]]:
    """Return what goes into one request each, by a label: all, or by package, severity or path."""
    found: dict[str, set[Key]] = {}
    for step in outcome.steps:
        severities = {f.severity for f in step.removes}
        worst = next((name for name in reversed(SEVERITIES) if name in severities), "UNKNOWN")
        label = {"package": step.bump.name, "severity": worst.lower(), "path": step.bump.path}[by]
        keys = {(step.bump.path, name) for name in (step.bump.name, *step.bump.brings)}
        found.setdefault(label, set()).update(keys)
    return {label: frozenset(keys) for label, keys in found.items()}


def branch_of(label: str, prefix: str = "pratique/fix") -> str:
    """Return the name of a group's branch; that of all is the prefix alone."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", label).strip("-.")
    return f"{prefix}-{plain}" if plain else prefix


def request(outcome: Outcome, label: str, asked: Asked, tested: str) -> Wanted:
    """Return the request of an outcome; `tested` is the user's test that it passed, if any."""
    plan = hashlib.sha256()
    for one in outcome.altered:
        plan.update(f"{one.path}\0{len(one.after)}\0".encode() + one.after)
    words = asked.words
    made = Wanted(
        branch_of(label), title(outcome), "", fixed.as_message(outcome), outcome.altered,
        plan.hexdigest()[:16], tuple(words["label"]), words["draft"],
    )  # fmt: skip
    body = "\n".join([*_body(outcome, tested), made.mark]) + "\n"
    return Wanted(made.branch, made.title, body, made.message, made.altered, made.plan,
                  made.labels, made.draft)  # fmt: skip


def deliver_all(wanted: Sequence[Wanted], root: str, asked: Asked) -> str:
    """Open or update requests; without a token return what they would be, and how to go on."""
    kind = kind_of(asked.words["pr"])
    repository = Repository(root, asked.words["remote"])
    token = token_of(kind)
    base = asked.words["pr_base"] or repository.branch
    if not base:
        raise UsageError("the branch that requests go to is not known: --pr-base BRANCH")
    if not token:
        names = " or ".join(kind.tokens)
        hint = (f"nothing was pushed, for no token is given ({names}); --branch NAME makes the "
                "commit here")  # fmt: skip
        return "\n".join(f"# {one.title}\n\n{one.body}" for one in wanted) + f"\n{hint}\n"
    chosen = asked.settings
    with closing(kind.connect(repository.place, token, chosen.insecure, chosen.cacert)) as forge:
        return "".join(f"{deliver(repository, forge, one, base)}\n" for one in wanted)


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


def _body(outcome: Outcome, tested: str) -> Iterator[str]:
    yield f"**{fixed.headline(outcome)}** known vulnerabilities.\n"
    yield "| Change | From | To | Removes | In |\n|---|---|---|---|---|"
    for step in outcome.steps:
        yield _row(fixed.step_row(step, outcome))
    yield "\n### Why\n"
    yield from _flaws([f for step in outcome.steps for f in step.removes])
    yield from _risks(outcome)
    yield from _left(outcome)
    yield from _proof(outcome, tested)


def _flaws(removed: Sequence[Finding]) -> Iterator[str]:
    order = {name: n for n, name in enumerate(reversed(SEVERITIES))}
    worst = {f.id: f for f in sorted(
        removed, key=lambda f: (f.exploited is None, order[f.severity]), reverse=True)}  # fmt: skip
    told = list(reversed(worst.values()))
    for finding in told[:_MOST_FLAWS]:
        marks = [finding.severity.lower()]
        marks += ["known to be exploited"] if finding.exploited else []
        marks += [f"EPSS {finding.epss.score_parts / 1000:.1f} %"] if finding.epss else []
        words = f": {_plain(finding.prose.title)}" if finding.prose and finding.prose.title else ""
        link = f"[{finding.id}]({url_of(finding.id)})"
        yield f"- {link} in {_plain(finding.package.name)} ({', '.join(marks)}){words}"
    if len(told) > _MOST_FLAWS:
        yield f"- and {len(told) - _MOST_FLAWS} more"


def _risks(outcome: Outcome) -> Iterator[str]:
    risks = [f"{_plain(s.bump.name)} goes to another major version ({_plain(s.to)})"
             for s in outcome.steps if fixed.level_of(s) == "major"]  # fmt: skip
    risks += [f"{_plain(s.bump.name)} is overridden: what needs it does not allow the version"
              for s in outcome.steps if s.overrides]  # fmt: skip
    risks += [f"{_plain(s.bump.name)}: no index was asked whether this version exists"
              for s in outcome.steps if s.bump.key in outcome.unchecked]  # fmt: skip
    risks += [_plain(remark) for remark in outcome.remarks]
    yield "\n### Risk\n"
    yield from (f"- {risk}" for risk in risks)
    if not risks:
        yield "Patch and minor versions alone; the project's own resolver accepts them."


def _left(outcome: Outcome) -> Iterator[str]:
    rows = [(name, version, fixed.severities(found), why)
            for name, version, found, why in fixed.left(outcome)]  # fmt: skip
    if not rows:
        return
    yield "\n### What stays\n\n| Package | Version | Findings | Why |\n|---|---|---|---|"
    yield from map(_row, rows[:_MOST_LEFT])
    if len(rows) > _MOST_LEFT:
        yield f"\nand {len(rows) - _MOST_LEFT} more packages"


def _proof(outcome: Outcome, tested: str) -> Iterator[str]:
    before, after = (by_severity(one.findings) for one in
                     (outcome.compared.before, outcome.compared.after))  # fmt: skip
    yield "\n### Proof\n\nThe changed project was scanned again:\n"
    yield "| | Before | After |\n|---|---|---|"
    for name in reversed(SEVERITIES):
        if before.get(name) or after.get(name):
            yield f"| {name.capitalize()} | {before.get(name, 0)} | {after.get(name, 0)} |"
    new = [one.finding for one in outcome.compared.new]
    yield f"\nNew: {len(new) or 'none'}"
    yield from (f"- {f.id} in {_plain(f.package.name)}" for f in new)
    if tested:
        yield f"\n`{tested.replace('`', '')}` passes."
    yield ""


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_plain(cell) for cell in cells) + " |"


def _plain(text: str) -> str:
    """Return text that Markdown takes as it is, on one line; nobody is notified by an @."""
    return _UNSAFE.sub(r"\\\1", " ".join(text.split()))
