"""`convert`: a saved report in other formats."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from pratique.cli.baselines import against_baseline
from pratique.cli.ignoring import note, rules_of
from pratique.cli.judging import judged, say_verdicts
from pratique.cli.parser import Asked
from pratique.cli.scan import exit_status, format_named, write
from pratique.ignore import apply
from pratique.model.event import ignore
from pratique.model.report import Report
from pratique.saved import read_report
from pratique.selection import selected_from


def run(asked: Asked) -> int:
    """Write the report of a file as it is asked for; return the exit status of such a scan."""
    return judge(read_report(asked.target), asked)


def judge(saved: Sequence[Report], asked: Asked, *, writes: bool = True) -> int:
    """Judge reports that were made before by the rules and policies of now; write them if asked.

    Returns the exit status.
    """
    chosen = asked.settings
    rules = rules_of(asked)
    reports = [selected_from(apply(report, rules), chosen) for report in saved]
    if chosen.baseline:
        reports = against_baseline(reports, asked, chosen, ignore, rules)
    looked_for = dict.fromkeys(name for report in reports for name in report.scanners)
    chosen = replace(chosen, scanners=tuple(looked_for))
    reports = judged(reports, asked)
    if writes:
        write(reports, [(format_named(name), path) for name, path in chosen.outputs], chosen)
    note(rules, reports, chosen)
    say_verdicts(reports)
    return exit_status(reports, chosen)
