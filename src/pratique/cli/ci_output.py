"""Fit what is said to the CI system that it is said in: annotations, sections, summary, outputs.

Found by the environment: GITHUB_ACTIONS, TF_BUILD (Azure Pipelines), GITLAB_CI. An annotation is
about a line of the repository and tells all that is wrong there, so that a base image with forty
flaws is one annotation. Where a policy decides, only what it denies or warns of is annotated; where
there is a baseline, only what is new.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from msgspec import Struct

from pratique.codecs.plaintext import printable
from pratique.entries import by_urgency, repository_path
from pratique.model.advisory import SEVERITIES
from pratique.model.entry import Entry
from pratique.model.format import Look
from pratique.model.policy import Breach
from pratique.model.report import Report
from pratique.model.settings import Settings

_MOST = 10
"""Annotations of one level that GitHub shows of a step."""
_MOST_LINES = 5
_LEVELS = {"CRITICAL": "error", "HIGH": "error", "MEDIUM": "warning"}
_OF_ACTIONS = {"deny": "error", "warn": "warning"}
_ORDER = ("error", "warning", "notice")


class _Annotation(Struct, frozen=True):
    level: str
    title: str
    lines: tuple[str, ...]
    path: str = ""
    """Empty for what is of no line of the repository."""
    line: int = 0


def say(reports: Sequence[Report], settings: Settings, environment: Mapping[str, str]) -> None:
    """Tell the CI system about the findings, on stderr and in the files that it names."""
    if environment.get("GITHUB_ACTIONS") == "true":
        _write([_github(one) for one in _annotations(reports)])
        _github_files(reports, settings, environment)
    elif environment.get("TF_BUILD"):
        _write([_azure(one) for one in _annotations(reports)])


@contextmanager
def section(title: str, environment: Mapping[str, str]) -> Iterator[None]:
    """Fold what is printed meanwhile to stdout, where the CI system's log can fold."""
    before, after = _folds(title, environment)
    if before:
        print(before, flush=True)
    try:
        yield
    finally:
        if after:
            print(after, flush=True)


def _folds(title: str, environment: Mapping[str, str]) -> tuple[str, str]:
    if environment.get("GITHUB_ACTIONS") == "true":
        return f"::group::{title}", "::endgroup::"
    if environment.get("TF_BUILD"):
        return f"##[group]{title}", "##[endgroup]"
    if environment.get("GITLAB_CI"):  # https://docs.gitlab.com/ci/jobs/job_logs
        now, name = int(time.time()), "pratique_report"
        start = f"\x1b[0Ksection_start:{now}:{name}[collapsed=true]\r\x1b[0K{title}"
        return start, f"\x1b[0Ksection_end:{now}:{name}\r\x1b[0K"
    return "", ""


def _write(lines: Sequence[str]) -> None:
    if lines:
        print("\n".join(lines), file=sys.stderr)


def _annotations(reports: Sequence[Report]) -> list[_Annotation]:
    """Return what is to be shown, the worst first, no more of a level than is shown."""
    every = [one for report in reports for one in (*_placeless(report), *_placed(report))]
    by_level = {level: [one for one in every if one.level == level] for level in _ORDER}
    return [one for some in by_level.values() for one in some[:_MOST]]


def _placed(report: Report) -> Iterator[_Annotation]:
    """Yield what a line of the repository can be told of: the Dockerfile's, or the file's own."""
    levels = _levels(report)
    by_place: dict[tuple[str, int], list[Entry]] = {}
    for entry in by_urgency(report):
        place = _place(entry, report)
        if place and _is_new(entry, report) and (levels is None or entry.fingerprint in levels):
            by_place.setdefault(place, []).append(entry)
    for (path, line), some in by_place.items():
        found = (levels[e.fingerprint] if levels else _LEVELS.get(e.severity, "notice")
                 for e in some)  # fmt: skip
        level = min(found, key=_ORDER.index)
        yield _Annotation(level, _title(some), tuple(_lines(some)), path, line)


def _levels(report: Report) -> dict[str, str] | None:
    """Return the level of each finding that breaks a policy; None where there is no policy."""
    if not report.verdicts:
        return None
    levels: dict[str, str] = {}
    for breach in _breaches(report):
        for entry in breach.entries:
            told = levels.get(entry.fingerprint, "notice")
            levels[entry.fingerprint] = min(told, _OF_ACTIONS[breach.action], key=_ORDER.index)
    return levels


def _breaches(report: Report) -> Iterator[Breach]:
    return (breach for verdict in report.verdicts for breach in verdict.breaches)


def _placeless(report: Report) -> Iterator[_Annotation]:
    """Yield the gates that are broken by nothing that a line could be told of."""
    for breach in _breaches(report):
        if not any(_place(entry, report) for entry in breach.entries):
            title = f"{report.name}: {breach.gate}"
            lines = (f"{breach.what}. {breach.advice}".rstrip(),)
            yield _Annotation(_OF_ACTIONS[breach.action], title, lines)


def _is_new(entry: Entry, report: Report) -> bool:
    return not report.baseline or report.baseline.states.get(entry.fingerprint, "new") == "new"


def _place(entry: Entry, report: Report) -> tuple[str, int] | None:
    if entry.origin:
        return entry.origin.path, entry.origin.line_of(entry.package)
    if report.image is None and entry.path:
        return repository_path(entry.path, report), max(1, entry.line)
    return None


def _title(some: Sequence[Entry]) -> str:
    if len(some) == 1:
        return f"{some[0].severity}: {some[0].id}"
    counts = Counter(entry.severity for entry in some)
    parts = [f"{counts[name]} {name}" for name in reversed(SEVERITIES) if counts[name]]
    made = f" of {some[0].origin.instruction}" if some[0].origin else ""
    return f"{len(some)} findings{made}: {', '.join(parts)}"


def _lines(some: Sequence[Entry]) -> Iterator[str]:
    texts = list(dict.fromkeys(f"{e.message}. {e.advice}".rstrip() for e in some))
    yield from texts[:_MOST_LINES]
    if len(texts) > _MOST_LINES:
        yield f"and {len(texts) - _MOST_LINES} more"


def _flat(text: str) -> str:
    return printable(" ".join(text.split()))


def _github(one: _Annotation) -> str:
    """https://docs.github.com/actions/reference/workflow-commands-for-github-actions."""
    place = f"file={_escaped(one.path, ':,')},line={one.line}," if one.path else ""
    message = "%0A".join(_escaped(line) for line in one.lines)
    return f"::{one.level} {place}title={_escaped(one.title, ':,')}::{message}"


def _escaped(text: str, more: str = "") -> str:
    return "".join(f"%{ord(c):02X}" if c in "%" + more else c for c in _flat(text))


def _azure(one: _Annotation) -> str:
    """https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands."""
    level = "error" if one.level == "error" else "warning"
    place = f"sourcepath={_vso(one.path)};linenumber={one.line};" if one.path else ""
    message = "%0A".join(_vso(line) for line in (one.title, *one.lines))
    return f"##vso[task.logissue type={level};{place}]{message}"


def _vso(text: str) -> str:
    return _flat(text).replace("%", "%AZP25").replace(";", "%3B").replace("]", "%5D")


def _github_files(
    reports: Sequence[Report], settings: Settings, environment: Mapping[str, str]
) -> None:
    if path := environment.get("GITHUB_STEP_SUMMARY"):
        from pratique.formats.markdown import render  # noqa: PLC0415 - there alone

        _append(path, render(reports, settings, Look()))
    if path := environment.get("GITHUB_OUTPUT"):
        count = sum(len(by_urgency(report)) for report in reports)
        _append(path, f"findings={count}\nverdict={_verdict(reports)}\n")


def _verdict(reports: Sequence[Report]) -> str:
    decided = [verdict for report in reports for verdict in report.verdicts]
    if not decided:
        return "none"
    return "passed" if all(verdict.passed for verdict in decided) else "failed"


def _append(path: str, text: str) -> None:
    try:
        with open(path, "a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:  # the scan's own result must not be lost for it
        print(f"pratique: {path}: cannot be written: {error.strerror}", file=sys.stderr)
