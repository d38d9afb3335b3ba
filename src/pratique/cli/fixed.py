"""A plan and its proof as text: for a terminal, for programs, for a commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import json

from pratique.codecs.plaintext import printable
from pratique.comparison import by_severity
from pratique.formats.table.grid import Style, grid
from pratique.model.finding import Finding
from pratique.model.format import Look
from pratique.remedying import Outcome, Step
from pratique.upgrades import level

_STEPS = ("WHAT", "FROM", "TO", "REMOVES", "WHERE")
_LEFT = ("STAYS", "INSTALLED", "FINDINGS", "WHY")
_MOST = 30


def as_table(outcome: Outcome, look: Look) -> str:
    """Return the plan, what stays and why, and the scan before and after."""
    style = Style(look.color)
    before, after = outcome.compared.before, outcome.compared.after
    lines = [style.bold(headline(outcome)), ""]
    if outcome.steps:
        lines += [
            *grid(_STEPS, [step_row(s, outcome) for s in outcome.steps], look.width, style),
            "",
        ]
    if outcome.along:
        lines += [f"With them {_counted(outcome.along)} of packages that they bring along.", ""]
    staying = [(name, version, severities(found), reason)
            for name, version, found, reason in left(outcome)]  # fmt: skip
    if staying:
        more = len(staying) - _MOST
        lines += [*grid(_LEFT, staying[:_MOST], look.width, style)]
        lines += [f"and {more} more packages"] if more > 0 else []
        lines.append("")
    new = [one.finding for one in outcome.compared.new]
    lines += [
        f"before: {_counted(before.findings)}",
        f"after:  {_counted(after.findings)}",
        f"new:    {_counted(new)}",
        *(f"        {f.id} {f.severity} {f.package.name} {f.package.version}" for f in new),
    ]
    lines += [f"note: {printable(remark)}" for remark in outcome.remarks]
    lines += [f"NOT CHECKED: advisories are missing for {', '.join(after.missing)}"] * bool(
        after.missing
    )
    return "\n".join(lines) + "\n"


def headline(outcome: Outcome) -> str:
    """Return "3 changes remove 87 of 112"."""
    count, every = len(outcome.steps), len(outcome.compared.before.findings)
    if not count and not outcome.altered:
        return f"Nothing to change: {every} findings" if every else "Nothing to change: no findings"
    gone = sum(len(step.removes) for step in outcome.steps) + len(outcome.along)
    return f"{count} change{'' if count == 1 else 's'} remove{'s' * (count == 1)} {gone} of {every}"


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
        lines.append(f"- {what}: {', '.join(ids[:8])}{more}")
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
             "Removes": [finding.id for finding in step.removes]}
            for step in outcome.steps
        ],
        "BroughtAlong": [_finding(finding) for finding in outcome.along],
        "Remaining": [
            {"Name": name, "Version": version, "Why": reason, "Findings": [f.id for f in found]}
            for name, version, found, reason in left(outcome)
        ],
        "New": [_finding(one.finding) for one in outcome.compared.new],
        "Before": by_severity(before.findings),
        "After": by_severity(after.findings),
        "Files": [one.path for one in outcome.altered],
        "Remarks": outcome.remarks,
        "NotChecked": after.missing,
    }  # fmt: skip
    return json.format(json.encode(document), indent=2).decode() + "\n"


def step_row(step: Step, outcome: Outcome) -> tuple[str, ...]:
    far, checked = level_of(step), step.bump.key not in outcome.unchecked
    brings = f"brings {', '.join(step.bump.brings)}" if step.bump.brings else ""
    marks = [mark for mark in (far if far == "major" else "", printable(brings),
                               "override" if step.overrides else "",
                               "" if checked else "not checked") if mark]  # fmt: skip
    to = step.to + (f" ({', '.join(marks)})" if marks else "")
    return (printable(step.bump.name), ", ".join(step.bump.installed), to,
            severities(step.removes), printable(step.bump.path))  # fmt: skip


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
        fixable = any(finding.fixed for finding in found)
        reason = outcome.refused.get((path, name), "its fix is further away than is allowed")
        yield printable(name), version, found, printable(reason) if fixable else "no fix exists"


def severities(findings: Iterable[Finding]) -> str:
    return ", ".join(f"{n} {severity.lower()}" for severity, n in by_severity(findings).items())


def _counted(findings: Iterable[Finding]) -> str:
    found = list(findings)
    return f"{len(found)} ({severities(found)})" if found else "0"


def _finding(finding: Finding) -> dict[str, str]:
    return {"VulnerabilityID": finding.id, "PkgName": finding.package.name,
            "InstalledVersion": finding.package.version,
            "Severity": finding.severity}  # fmt: skip
