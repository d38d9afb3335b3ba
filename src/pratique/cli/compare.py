"""`compare`: scan two things with the same advisories, and write what differs."""

from __future__ import annotations

import os
from collections.abc import Sequence

from msgspec.structs import replace

from pratique.cli import compared
from pratique.cli.ignoring import rules_of
from pratique.cli.parser import Asked
from pratique.cli.progress import watch
from pratique.cli.scan import look
from pratique.cli.time_limit import time_limit
from pratique.cli.writing import write_file
from pratique.codecs.sbom.reading import is_likely
from pratique.comparison import Comparison, compare
from pratique.errors import UsageError
from pratique.model.event import Observe
from pratique.model.ignore_rule import Rule
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.scanning import scan, scan_directory, scan_sbom

_MISSING, _STRICT = 5, 4
_HEAD = 1 << 16


def run(asked: Asked) -> int:
    """Compare what is asked for; `--exit-code` is for findings that are new."""
    chosen = replace(asked.settings, scanners=("vuln",))
    rules = rules_of(asked)
    with time_limit(chosen.timeout), watch(chosen) as observe:
        before = _report(asked.target, chosen, observe, rules)
        after = _report(asked.words["other"], chosen, observe, rules)
    found = compare(before, after)
    match asked.words["written_as"]:
        case "json":
            text = compared.as_json(found)
        case "markdown":
            text = compared.as_markdown(found)
        case _:
            text = compared.as_table(found, look(chosen))
    write_file(text, chosen.file)
    return _exit_status(found, chosen)


def _exit_status(found: Comparison, chosen: Settings) -> int:
    if chosen.exit_code and found.new:
        return chosen.exit_code
    both = (found.before, found.after)
    if any(report.missing for report in both):
        return _MISSING
    return _STRICT if chosen.strict and any(report.problems for report in both) else 0


def _report(target: str, chosen: Settings, observe: Observe, rules: Sequence[Rule]) -> Report:
    """Return the one report of a target, whatever kind of thing it names."""
    reports = _reports(target, chosen, observe, rules)
    if len(reports) != 1:
        platforms = ", ".join(report.image.platform for report in reports if report.image)
        raise UsageError(f"{target}: one image is compared with one, not {len(reports)}",
                         f"choose one with --platform: {platforms}")  # fmt: skip
    return replace(reports[0], name=target)


def _reports(
    target: str, chosen: Settings, observe: Observe, rules: Sequence[Rule]
) -> list[Report]:
    if os.path.isdir(target) and not os.path.exists(os.path.join(target, "oci-layout")):
        return [scan_directory(target, chosen, observe, rules)]
    if os.path.isfile(target):
        with open(target, "rb") as file:
            head = file.read(_HEAD)
        if is_likely(head):
            return scan_sbom(target, chosen, observe, rules)
    if os.path.exists(target):
        return scan("", replace(chosen, input=target), observe, rules)
    return scan(target, replace(chosen, input=""), observe, rules)
