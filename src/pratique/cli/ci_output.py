"""Fit what is said to the CI system that it is said in: annotations, groups, summaries, outputs.

Found by the environment: GITHUB_ACTIONS, TF_BUILD (Azure Pipelines), GITLAB_CI.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence

from pratique.codecs.plaintext import printable
from pratique.entries import by_urgency
from pratique.model.entry import Entry
from pratique.model.format import Look
from pratique.model.report import Report
from pratique.model.settings import Settings

_MOST = 10
"""Annotations of one level that GitHub shows of a step."""
_LEVELS = {"CRITICAL": "error", "HIGH": "error", "MEDIUM": "warning"}


def say(reports: Sequence[Report], settings: Settings, environment: Mapping[str, str]) -> None:
    """Tell the CI system about the findings, on stderr and in the files that it names."""
    if environment.get("GITHUB_ACTIONS") == "true":
        _write(list(_github(reports)))
        _github_files(reports, settings, environment)
    elif environment.get("TF_BUILD"):
        _write(list(_azure(reports)))


def _write(lines: Sequence[str]) -> None:
    if lines:
        print("\n".join(lines), file=sys.stderr)


def _placed(reports: Sequence[Report]) -> Iterator[tuple[Entry, str, int]]:
    """Yield what a line of the repository can be told of: the Dockerfile's, or the file's own."""
    seen: dict[str, int] = {}
    for report in reports:
        for entry in by_urgency(report):
            level = _LEVELS.get(entry.severity, "notice")
            place = _place(entry, report)
            if place and seen.get(level, 0) < _MOST:
                seen[level] = seen.get(level, 0) + 1
                yield entry, *place


def _place(entry: Entry, report: Report) -> tuple[str, int] | None:
    if entry.origin:
        return entry.origin.path, entry.origin.line_of(entry.package)
    if report.image is None and entry.path:
        return entry.path, max(1, entry.line)
    return None


def _github(reports: Sequence[Report]) -> Iterator[str]:
    """https://docs.github.com/actions/reference/workflow-commands-for-github-actions."""
    for entry, path, line in _placed(reports):
        level = _LEVELS.get(entry.severity, "notice")
        title = _escaped(f"{entry.severity}: {entry.id}", ":,")
        advice = f". {entry.advice}" if entry.advice else ""
        message = _escaped(entry.message + advice)
        yield f"::{level} file={_escaped(path, ':,')},line={line},title={title}::{message}"


def _escaped(text: str, more: str = "") -> str:
    flat = printable(" ".join(text.split()))
    return "".join(f"%{ord(c):02X}" if c in "%" + more else c for c in flat)


def _azure(reports: Sequence[Report]) -> Iterator[str]:
    """https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands."""
    for entry, path, line in _placed(reports):
        level = "error" if _LEVELS.get(entry.severity) == "error" else "warning"
        place = f"sourcepath={_vso(path)};linenumber={line};code={_vso(entry.id)}"
        yield f"##vso[task.logissue type={level};{place}]{_vso(entry.message)}"


def _vso(text: str) -> str:
    flat = printable(" ".join(text.split()))
    return flat.replace("%", "%AZP25").replace(";", "%3B").replace("]", "%5D")


def _github_files(
    reports: Sequence[Report], settings: Settings, environment: Mapping[str, str]
) -> None:
    if path := environment.get("GITHUB_STEP_SUMMARY"):
        from pratique.formats.markdown import render  # noqa: PLC0415 - there alone

        with open(path, "a", encoding="utf-8") as file:
            file.write(render(reports, settings, Look()))
    if path := environment.get("GITHUB_OUTPUT"):
        count = sum(len(by_urgency(report)) for report in reports)
        passed = all(one.passed for report in reports for one in report.verdicts)
        with open(path, "a", encoding="utf-8") as file:
            file.write(f"findings={count}{os.linesep}")
            file.write(f"verdict={'passed' if passed else 'failed'}{os.linesep}")
