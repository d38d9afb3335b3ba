"""`image`, `rootfs`, `fs` and `sbom`: scan, write the report, choose the exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from msgspec.structs import replace

from pratique.cli.parser import Asked
from pratique.cli.progress import watch
from pratique.cli.time_limit import time_limit
from pratique.cli.writing import write_file
from pratique.errors import UsageError
from pratique.ignore import Rule, Rules, read_lines, read_yaml
from pratique.model.format import Format, Look
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.scanning import scan, scan_directory, scan_sbom

_MISSING, _STRICT = 5, 4


def run(asked: Asked) -> int:
    """Scan what is asked for; return the exit status."""
    chosen = asked.settings
    formats = [(format_named(name), path) for name, path in chosen.outputs]
    if not any(format_.finds for format_, _ in formats):
        chosen = replace(chosen, scanners=())
    elif asked.command.name == "config":
        chosen = replace(chosen, scanners=("misconfig",))
    rules = rules_of(chosen.ignorefile)
    with time_limit(chosen.timeout), watch(chosen) as observe:
        if asked.command.name == "image":
            reports = scan(asked.target, chosen, observe, rules)
        elif asked.command.name == "sbom":
            reports = scan_sbom(asked.target, chosen, observe, rules)
        else:
            locked = asked.command.name != "rootfs"
            reports = [scan_directory(asked.target, chosen, observe, rules, locked=locked)]
    write(reports, formats, chosen)
    return exit_status(reports, chosen)


def write(
    reports: Sequence[Report], formats: Sequence[tuple[Format, str]], chosen: Settings
) -> None:
    """Write the reports in each format to its file; the empty name is stdout."""
    for format_, path in formats:
        own = replace(chosen, format=format_.name, output=(("", path),) if path else ())
        write_file(format_.render(reports, own, look(own)), path)


def exit_status(reports: Sequence[Report], chosen: Settings) -> int:
    """Return the status: end of life first, then findings, then what could not be judged."""
    if chosen.exit_on_eol and any(report.lifecycle.ended for report in reports):
        return chosen.exit_on_eol
    if chosen.exit_code and any(_is_bad(report) for report in reports):
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


def rules_of(path: str) -> Sequence[Rule]:
    """Return the rules of an ignore file, of which the default one may be absent."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        if path != Settings().ignorefile:
            raise UsageError(f"{path}: no such ignore file") from None
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    is_yaml = path.endswith((".yaml", ".yml"))
    found: Rules = read_yaml(text, path) if is_yaml else read_lines(text, path)
    for warning in found.warnings:
        print(f"pratique: {warning}", file=sys.stderr)
    return found.rules


def look(chosen: Settings) -> Look:
    """Return how the place that the report goes to shows text."""
    is_terminal = not chosen.file and sys.stdout.isatty()
    color = is_terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    if chosen.color != "auto":
        color = chosen.color == "always"
    width = os.get_terminal_size(sys.stdout.fileno()).columns if is_terminal else 0
    return Look(width, color)
