"""Gates on findings: which of them a gate is about, and what would satisfy it."""

from __future__ import annotations

from fnmatch import fnmatchcase

from msgspec.structs import replace

from pratique.codecs.moments import days_between
from pratique.entries import entries
from pratique.model.advisory import SEVERITIES
from pratique.model.entry import Entry
from pratique.model.policy import Action, Breach, FindingGate, Gate
from pratique.model.report import Report
from pratique.policy.expressions import expression
from pratique.upgrades import changes

_MOST_NAMED = 3


def breach_of_findings(gate: FindingGate, report: Report) -> Breach | None:
    """Return how a report breaks a gate; None where it passes."""
    holds = expression(gate.when, gate.name, report) if gate.when else None
    found = tuple(
        entry for entry in entries(report)
        if _is_about(gate, entry, report) and (holds is None or holds(entry))
    )  # fmt: skip
    if len(found) <= gate.allow:
        return None
    action, reason = action_of(gate, report)
    allowed = f", {gate.allow} allowed" if gate.allow else ""
    what = f"{_counted(found)}{allowed}: {_named(found)}"
    kept = {id(entry.finding) for entry in found if entry.finding}
    only = replace(report, findings=tuple(f for f in report.findings if id(f) in kept))
    return Breach(gate.name, action, what, _advice(found), found, tuple(changes(only)), reason)


def action_of(gate: Gate, report: Report) -> tuple[Action, str]:
    """Return what a gate does today, and why that is less than it says."""
    if gate.action == "deny" and gate.until and report.created[:10] < gate.until:
        return "warn", f"denied from {gate.until} on"
    return gate.action, ""


def _is_about(gate: FindingGate, entry: Entry, report: Report) -> bool:
    return (
        entry.kind in gate.on
        and _is_bad(gate, entry)
        and _is_named(gate, entry)
        and _is_placed(gate, entry, report)
        and _is_old(gate, entry, report.created)
    )


def _is_bad(gate: FindingGate, entry: Entry) -> bool:
    """Tell whether it is as bad as the gate says; what only flaws have counts for flaws alone."""
    if gate.severity and SEVERITIES.index(entry.severity) < SEVERITIES.index(gate.severity):
        return False
    finding = entry.finding
    if finding is None:
        return True
    score = finding.epss.score if finding.epss else 0.0
    return (
        gate.fixable in (None, bool(finding.fixed))
        and gate.exploited in (None, bool(finding.exploited))
        and (gate.epss is None or score >= gate.epss)
    )


def _is_named(gate: FindingGate, entry: Entry) -> bool:
    ids = (entry.id, *(entry.finding.aliases if entry.finding else ()))
    return (
        (not gate.id or any(_matches(id, gate.id) for id in ids))
        and (not gate.package or _matches(entry.package, gate.package))
        and (not gate.path or _matches(entry.path, gate.path))
        and (not gate.license or entry.kind != "license" or _is_license(gate, entry))
    )


def _is_license(gate: FindingGate, entry: Entry) -> bool:
    return _matches(entry.id, gate.license) or entry.category in gate.license


def _is_placed(gate: FindingGate, entry: Entry, report: Report) -> bool:
    states = report.baseline.states if report.baseline else {}
    wanted = gate.state or (("new",) if report.baseline else ())  # not what others brought
    return (not gate.origin or entry.from_base == (gate.origin == "base")) and (
        not wanted or states.get(entry.fingerprint, "new") in wanted
    )


def _is_old(gate: FindingGate, entry: Entry, now: str) -> bool:
    if gate.known_for is None or entry.finding is None:
        return True
    try:
        return days_between(entry.finding.published, now) >= gate.known_for
    except ValueError:  # it is not said when: no grace
        return True


def _matches(text: str, globs: tuple[str, ...]) -> bool:
    return any(fnmatchcase(text, glob) for glob in globs)


def _counted(found: tuple[Entry, ...]) -> str:
    names = {"vulnerability": "vulnerabilities", "license": "licences", "secret": "secrets",
             "misconfiguration": "misconfigurations"}  # fmt: skip
    kinds = [entry.kind for entry in found]
    parts = [f"{kinds.count(kind)} {names[kind] if kinds.count(kind) > 1 else kind}"
             for kind in dict.fromkeys(kinds)]  # fmt: skip
    return ", ".join(parts)


def _named(found: tuple[Entry, ...]) -> str:
    names = list(dict.fromkeys(f"{e.id} in {e.package or e.path}" for e in found))
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _advice(found: tuple[Entry, ...]) -> str:
    """Return what to do, beyond upgrades, about the findings that no upgrade removes."""
    stuck = [e for e in found if e.finding and not e.fixed]
    parts = []
    if stuck:
        parts.append(f"no version without it is known for {_named(tuple(stuck))}: replace the "
                     "package, or ignore it with a reason")  # fmt: skip
    others = dict.fromkeys(e.advice for e in found if e.advice and not e.finding)
    return "; ".join([*parts, *list(others)[:_MOST_NAMED]])
