"""A plan and its proof as text: for a terminal, for programs, for a commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import json

from pratique.codecs.plaintext import printable
from pratique.comparison import by_severity
from pratique.formats.table.grid import Style, grid
from pratique.model.advisory import SEVERITIES
from pratique.model.finding import Finding
from pratique.model.format import Look
from pratique.model.habit import Mended
from pratique.outcome import Outcome, Step
from pratique.upgrades import level

_STEPS = ("WHAT", "FROM", "TO", "LEVEL", "REMOVES", "URGENT", "WHERE")
_HABITS = ("HABIT", "REMOVES", "RISK", "WHERE")
_LEFT = ("STAYS", "INSTALLED", "FINDINGS", "WHY")
_MOST = 30
_LIKELY = 0.1
"""From this EPSS on a flaw is told as likely to be exploited; most are far below."""


def as_table(outcome: Outcome, look: Look, *, ids: bool = False) -> str:
    """Return the plan, what stays and why, and the scan before and after; with ids, each flaw."""
    style = Style(look.color)
    after = outcome.compared.after
    lines = [style.bold(headline(outcome)), ""]
    lines += [f"LEFT ALONE: {printable(lie)}" for lie in outcome.lies]
    lines += [""] * bool(outcome.lies)
    if outcome.steps:
        lines += [*_steps(outcome, look, style), ""]
    if outcome.mended:
        lines += [*grid(_HABITS, habit_rows(outcome), look.width, style), ""]
    if ids:
        lines += [*_ids(outcome), ""]
    if outcome.along:
        lines += [
            f"Among these are {_counted(outcome.along)} of packages that they bring along.",
            "",
        ]
    staying = [(name, version, severities(found), reason)
            for name, version, found, reason in left(outcome)]  # fmt: skip
    if staying:
        more = len(staying) - _MOST
        lines += [*grid(_LEFT, staying[:_MOST], look.width, style)]
        lines += [f"and {more} more packages"] if more > 0 else []
        lines.append("")
    lines += _proof(outcome, style)
    lines += [f"note: {printable(remark)}" for remark in outcome.remarks]
    lines += [f"NOT CHECKED: advisories are missing for {', '.join(after.missing)}"] * bool(
        after.missing
    )
    return "\n".join(lines) + "\n"


def _steps(outcome: Outcome, look: Look, style: Style) -> Iterator[str]:
    """Yield the table of changes; a column that is empty is left out."""
    rows = [step_row(step, outcome) for step in outcome.steps]
    urgent = _STEPS.index("URGENT")
    if any(row[urgent] for row in rows):
        yield from grid(_STEPS, rows, look.width, style)
        return
    without = [row[:urgent] + row[urgent + 1 :] for row in rows]
    yield from grid(_STEPS[:urgent] + _STEPS[urgent + 1 :], without, look.width, style)


def _ids(outcome: Outcome) -> Iterator[str]:
    for step in outcome.steps:
        ids = dict.fromkeys(finding.id for finding in sorted(step.removes, key=urgency))
        yield f"{printable(step.bump.name)}: {', '.join(ids)}"


def _proof(outcome: Outcome, style: Style) -> Iterator[str]:
    """Yield the scans side by side, and whatever is new."""
    new = [one.finding for one in outcome.compared.new]
    scans = {"before": outcome.compared.before.findings, "after": outcome.compared.after.findings,
             "new": new}  # fmt: skip
    counts = {name: by_severity(found) for name, found in scans.items()}
    shown = [name for name in reversed(SEVERITIES) if any(name in one for one in counts.values())]
    heads = "".join("  " + style.severity(name) for name in shown)
    yield f"{'':8}{heads}  {'TOTAL':>5}"
    for name, count in counts.items():
        cells = "".join(f"  {count.get(one) or '-':>{len(one)}}" for one in shown)
        yield f"{name:8}{cells}  {sum(count.values()) or '-':>5}"
    yield from (f"  new: {f.id} {f.severity} {printable(f.package.name)} "
                f"{printable(f.package.version)}" for f in new)  # fmt: skip


def headline(outcome: Outcome) -> str:
    """Return "3 changes remove 87 of 112 vulnerabilities"."""
    count, every = len(outcome.steps), len(outcome.compared.before.findings)
    if not outcome.compared.before.inventory.packages and not outcome.mended:
        return "Nothing to change: no package was found, in no manifest or lock file that is known"
    better = len(outcome.mended)
    habits = f"; {better} better habit{'s' * (better != 1)} of Dockerfiles" if better else ""
    flaws = f"{every or 'no'} vulnerabilit{'y' if every == 1 else 'ies'}"
    if outcome.lies and not count:
        return f"Nothing is changed: a file lies of its packages; {flaws}"
    if not count and not outcome.altered:
        return f"Nothing to change: {flaws}{', for which no change is known' * bool(every)}"
    if better and not count:
        return f"{habits[2:]}, and no change for {flaws}"
    gone = sum(len(step.removes) for step in outcome.steps) + len(outcome.along)
    verb = "change removes" if count == 1 else "changes remove"
    return f"{count} {verb} {gone} of {flaws}{habits}"


def as_message(outcome: Outcome) -> str:
    """Return a commit message that says why."""
    gone = len(outcome.compared.before.findings) - len(outcome.compared.after.findings)
    names = [step.bump.name for step in outcome.steps]
    what = names[0] if len(names) == 1 else f"{len(names)} dependencies"
    lines = [f"Update {what} to remove {gone} known vulnerabilities", ""]
    for step in outcome.steps:
        ids = list(dict.fromkeys(finding.id for finding in step.removes))
        more = f" and {len(ids) - 8} more" if len(ids) > 8 else ""
        brings = f", brings {', '.join(step.bump.brings)}" if step.bump.brings else ""
        versions = f"{', '.join(step.bump.installed)} -> {step.to}"
        what = f"{step.bump.name} {versions} ({level_of(step)}{brings})"
        lines.append(f"- {what}" + (f": {', '.join(ids[:8])}{more}" if ids else ""))
    lines += [f"- {one.path}: {one.what}" for one in outcome.mended]
    lines += ["", f"Findings before: {_counted(outcome.compared.before.findings)}",
              f"Findings after: {_counted(outcome.compared.after.findings)}"]  # fmt: skip
    return "\n".join(map(printable, lines))


def as_json(outcome: Outcome) -> str:
    """Return one object; names are those of the JSON report."""
    before, after = outcome.compared.before, outcome.compared.after
    document: dict[str, Any] = {
        "ArtifactName": before.name,
        "Summary": headline(outcome),
        "Changes": [
            {"Name": step.bump.name, "Type": step.bump.type, "Path": step.bump.path,
             "From": step.bump.installed, "To": step.to, "Level": level_of(step),
             "Brings": step.bump.brings, "Overrides": step.overrides,
             "Checked": step.bump.key not in outcome.unchecked,
             "Removes": [finding.id for finding in step.removes],
             "Severities": by_severity(step.removes),
             "Exploited": [finding.id for finding in step.removes if finding.exploited],
             "EPSS": highest_epss(step.removes)}
            for step in outcome.steps
        ],
        "Habits": [
            {"Name": one.habit, "What": one.what, "Path": one.path, "Risk": one.risk,
             "Removes": [failure.check for failure in one.removes],
             "Brings": [failure.check for failure in one.brings]}
            for one in outcome.mended
        ],
        "BroughtAlong": [_finding(finding) for finding in outcome.along],
        "Remaining": [
            {"Name": name, "Version": version, "Path": found[0].package.path, "Why": reason,
             "Findings": [f.id for f in found], "Severities": by_severity(found)}
            for name, version, found, reason in left(outcome)
        ],
        "New": [_finding(one.finding) for one in outcome.compared.new],
        "Before": by_severity(before.findings),
        "After": by_severity(after.findings),
        "Files": [one.path for one in outcome.altered],
        "Remarks": outcome.remarks,
        "Lies": outcome.lies,
        "NotChecked": after.missing,
    }  # fmt: skip
    return json.format(json.encode(document), indent=2).decode() + "\n"


def step_row(step: Step, outcome: Outcome) -> tuple[str, ...]:
    far, checked = level_of(step), step.bump.key not in outcome.unchecked
    brings = f"brings {', '.join(step.bump.brings)}" if step.bump.brings else ""
    marked = [mark for mark in (printable(brings), "override" if step.overrides else "",
                                "" if checked else "not checked") if mark]  # fmt: skip
    to = step.to + (f" ({', '.join(marked)})" if marked else "")
    return (printable(step.bump.name), ", ".join(step.bump.installed), to,
            far.upper() if far == "major" else far, severities(step.removes) or "-",
            ", ".join(marks(step.removes)), printable(step.bump.path))  # fmt: skip


def habit_rows(outcome: Outcome) -> list[tuple[str, ...]]:
    """Return what Dockerfiles do better, which failures of checks that removes, and its risk."""
    return [
        (printable(one.what), checks(one), printable(one.risk) or "-", printable(one.path))
        for one in outcome.mended
    ]


def checks(one: Mended) -> str:
    """Return the checks that fail less, and those that fail more."""
    found = [f"{failure.check} ({failure.severity.lower()})" for failure in one.removes]
    found += [f"brings {failure.check} ({failure.severity.lower()})" for failure in one.brings]
    return ", ".join(dict.fromkeys(found)) or "-"


def marks(found: Iterable[Finding]) -> list[str]:
    """Return why flaws are urgent: that attackers use one, or are likely to within 30 days."""
    found = list(found)
    likely = highest_epss(found)
    told = ["exploited"] if any(finding.exploited for finding in found) else []
    return told + ([f"EPSS {likely:.0%}"] if likely >= _LIKELY else [])


def highest_epss(found: Iterable[Finding]) -> float:
    return max((f.epss.score for f in found if f.epss), default=0.0)


def urgency(finding: Finding) -> tuple[bool, int, int]:
    """Return a key that sorts what is most urgent first."""
    likely = finding.epss.score_parts if finding.epss else 0
    return finding.exploited is None, -SEVERITIES.index(finding.severity), -likely


def level_of(step: Step) -> str:
    """Return how far the version that is there now is from the first."""
    if step.bump.type == "docker":
        return step.bump.level
    return level(step.bump.installed[0], step.to)


def left(outcome: Outcome) -> Iterator[tuple[str, str, list[Finding], str]]:
    """Yield the packages that still have findings, and why that is."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in outcome.compared.after.findings:
        package = finding.package
        groups.setdefault((package.path, package.name, package.version), []).append(finding)
    for (path, name, version), found in groups.items():
        fixable = [finding for finding in found if finding.fixed]
        reason = outcome.refused.get((path, name)) or _far(version, fixable)
        why = printable(reason) if fixable else "no fix exists"
        yield printable(name), printable(version), found, why


def _far(version: str, fixable: Sequence[Finding]) -> str:
    """Return which versions have fixes, where no more is known but that they are not allowed."""
    fixes = dict.fromkeys(f"{f.fixed[0]} ({level(version, f.fixed[0])})" for f in fixable)
    return f"fixed in {', '.join(fixes)}, further away than is allowed"


def severities(findings: Iterable[Finding]) -> str:
    return ", ".join(f"{n} {severity.lower()}" for severity, n in by_severity(findings).items())


def _counted(findings: Iterable[Finding]) -> str:
    found = list(findings)
    return f"{len(found)} ({severities(found)})" if found else "0"


def _finding(finding: Finding) -> dict[str, str]:
    return {"VulnerabilityID": finding.id, "PkgName": finding.package.name,
            "InstalledVersion": finding.package.version,
            "Severity": finding.severity}  # fmt: skip
