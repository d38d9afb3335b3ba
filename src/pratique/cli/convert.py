"""`convert`: a saved report in other formats."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from pratique.cli.parser import Asked
from pratique.cli.scan import exit_status, format_named, rules_of, write
from pratique.ignore import Rule, judge
from pratique.misconfig import with_severities
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.saved import read_report
from pratique.scanning import is_wanted


def run(asked: Asked) -> int:
    """Write the report of a file as it is asked for; return the exit status of such a scan."""
    chosen = asked.settings
    rules = rules_of(chosen.ignorefile)
    reports = [_judged(report, rules, chosen) for report in read_report(asked.target)]
    looked_for = dict.fromkeys(name for report in reports for name in report.scanners)
    chosen = replace(chosen, scanners=tuple(looked_for))
    write(reports, [(format_named(name), path) for name, path in chosen.outputs], chosen)
    return exit_status(reports, chosen)


def _judged(report: Report, rules: Sequence[Rule], chosen: Settings) -> Report:
    """Return a report with what is asked for, and what the ignore file leaves of it."""
    judged = judge(report.findings, rules, report.name, report.created[:10])
    findings = [finding for finding in judged if is_wanted(finding, chosen)]
    return replace(
        report,
        findings=tuple(finding for finding in findings if not finding.reason),
        suppressed=(*report.suppressed, *(finding for finding in findings if finding.reason)),
        secrets=tuple(s for s in report.secrets if s.severity in chosen.severity),
        examined=tuple(with_severities(one, chosen.severity) for one in report.examined),
        licenses=tuple(x for x in report.licenses if x.severity in chosen.severity),
    )
