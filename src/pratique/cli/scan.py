"""`image`, `rootfs`, `fs` and `sbom`: scan, write the report, choose the exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from msgspec.structs import replace

from pratique.cli.baselines import against_baseline
from pratique.cli.ignoring import note, rules_of
from pratique.cli.judging import judged, say_verdicts
from pratique.cli.parser import Asked
from pratique.cli.progress import watch
from pratique.cli.time_limit import time_limit
from pratique.cli.writing import write_file
from pratique.model.format import Format, Look
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.policy.exceptions import OPTION
from pratique.scanning import scan, scan_directory, scan_sbom

_DENIED, _STRICT, _MISSING = 1, 4, 5


def run(asked: Asked) -> int:
    """Scan what is asked for; return the exit status."""
    chosen = asked.settings
    formats = [(format_named(name), path) for name, path in chosen.outputs]
    chosen = replace(chosen, scanners=_scanners(asked, [format_ for format_, _ in formats]))
    rules = rules_of(asked)
    with time_limit(chosen.timeout), watch(chosen) as observe:
        if asked.command.name == "image":
            reports = scan(asked.target, chosen, observe, rules)
        elif asked.command.name == "sbom":
            reports = scan_sbom(asked.target, chosen, observe, rules)
        else:
            locked = asked.command.name != "rootfs"
            reports = [scan_directory(asked.target, chosen, observe, rules, locked=locked)]
            if chosen.scan_images:
                from pratique.composed import with_images  # noqa: PLC0415 - few ask for it

                more = asked.settings.scanners
                everything = replace(chosen, scanners=tuple(dict.fromkeys((*more, "misconfig"))))
                reports = with_images(reports[0], everything, observe, rules)
        if chosen.baseline:
            reports = against_baseline(reports, asked, chosen, observe, rules)
    reports = judged(reports, asked)
    if "CI" in os.environ or "TF_BUILD" in os.environ:
        _write_in_ci(reports, formats, chosen)
    else:
        write(reports, formats, chosen)
        say_verdicts(reports)
    note(rules, reports, chosen)
    return exit_status(reports, chosen)


def _scanners(asked: Asked, formats: Sequence[Format]) -> tuple[str, ...]:
    """Return what to look for: what is asked for, else what command and formats need."""
    chosen = asked.settings.scanners
    stated = asked.words.get("scanners") is not None or chosen != Settings().scanners
    needed = {name for format_ in formats for name in format_.scanners}
    if asked.command.name == "config":
        return ("misconfig",)
    if not stated and not any(format_.finds for format_ in formats):
        return tuple(sorted(needed))
    if not stated and asked.command.name == "sbom":  # it holds no files
        return ("vuln",)
    return (*chosen, "notice") if "notice" in needed else chosen


def _write_in_ci(
    reports: Sequence[Report], formats: Sequence[tuple[Format, str]], chosen: Settings
) -> None:
    """Write the reports and tell the CI system; a table on stdout is folded, the verdict is not."""
    from pratique.cli.ci_output import say, section  # noqa: PLC0415 - in pipelines alone

    to_stdout = [pair for pair in formats if not pair[1]]
    write(reports, [pair for pair in formats if pair[1]], chosen)
    for format_, path in to_stdout:
        folds = os.environ if format_.name == "table" else {}
        with section("Pratique: the report", folds):
            write(reports, [(format_, path)], chosen)
    say_verdicts(reports)
    say(reports, chosen, os.environ)


def write(
    reports: Sequence[Report], formats: Sequence[tuple[Format, str]], chosen: Settings
) -> None:
    """Write the reports in each format to its file; the empty name is stdout."""
    for format_, path in formats:
        own = replace(chosen, format=format_.name, output=(("", path),) if path else ())
        made = format_.pieces(reports, own, look(own)) if format_.pieces else None
        write_file(made or format_.render(reports, own, look(own)), path)


def exit_status(reports: Sequence[Report], chosen: Settings) -> int:
    """Return the status: end of life, then verdicts, then findings, then what is not judged."""
    if chosen.exit_on_eol and any(report.lifecycle.ended for report in reports):
        return chosen.exit_on_eol
    verdicts = [verdict for report in reports for verdict in report.verdicts]
    if any(not verdict.passed for verdict in verdicts):
        return chosen.exit_code or _DENIED
    by_policy = any(verdict.policy != OPTION for verdict in verdicts)
    if chosen.exit_code and not by_policy and any(_is_bad(report) for report in reports):
        return chosen.exit_code
    if any(report.missing for report in reports):
        return _MISSING
    return _STRICT if chosen.strict and any(report.problems for report in reports) else 0


def _is_bad(report: Report) -> bool:
    secrets = any(not secret.reason for secret in report.secrets)
    licenses = any(not one.reason for one in report.licenses)
    return bool(report.findings) or secrets or licenses or any(e.failures for e in report.examined)


def format_named(name: str) -> Format:
    """Return a format; its module is imported when it is asked for."""
    module = import_module("pratique.formats." + name.replace("-", "_"))
    chosen: Format = module.format
    return chosen


def look(chosen: Settings) -> Look:
    """Return how the place that the report goes to shows text."""
    is_terminal = not chosen.file and sys.stdout.isatty()
    color = is_terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    if chosen.color != "auto":
        color = chosen.color == "always"
    width = os.get_terminal_size(sys.stdout.fileno()).columns if is_terminal else 0
    return Look(width, color)
