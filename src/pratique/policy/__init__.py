"""Hold a report to a policy: gates → breaches → verdict. Pure: it reads no file, asks nobody."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.policy import Breach, FindingGate, Gate, Policy, Verdict
from pratique.model.report import Report
from pratique.policy.exceptions import breaches_of_exceptions
from pratique.policy.findings import breach_of_findings
from pratique.policy.whole import breaches_of_whole


def verdict(report: Report, policy: Policy) -> Verdict:
    """Return what a policy says of a report.

    Raises UsageError where a gate's expression fails, or needs CEL and it is not installed.
    """
    breaches = [b for gate in policy.gates for b in _breaches(gate, report)]
    if policy.required:
        breaches += breaches_of_exceptions(report, policy.required)
    count = len(policy.gates) + bool(policy.required)
    return Verdict(policy.name, policy.environment, count, tuple(breaches))


def _breaches(gate: Gate, report: Report) -> Iterator[Breach]:
    if not isinstance(gate, FindingGate):
        yield from breaches_of_whole(gate, report)
    elif breach := breach_of_findings(gate, report):
        yield breach
