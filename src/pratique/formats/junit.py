"""JUnit XML, as CI servers show it: a suite for each file or kind, a failed case for each finding.

A suite without findings has one case that passes, so that it is seen that something was looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from pratique.codecs.plaintext import lines, printable
from pratique.entries import by_urgency
from pratique.model.entry import LOOKED_FOR, Entry
from pratique.model.format import Format, Look
from pratique.model.report import Report
from pratique.model.settings import Settings

_KINDS = {
    "vulnerability": "vulnerabilities", "misconfiguration": "misconfiguration",
    "secret": "secrets", "license": "licences",
}  # fmt: skip


def render(reports: Sequence[Report], _chosen: Settings, _look: Look) -> str:
    """Return one document; its suites are named by the target and what was looked for."""
    suites = [suite for report in reports for suite in _suites(report)]
    total = sum(len(entries) for _, entries in suites)
    tests = sum(max(1, len(entries)) for _, entries in suites)
    parts = [line for name, entries in suites for line in _suite(name, entries)]
    return "\n".join([
        '<?xml version="1.0" encoding="UTF-8"?>',
        (f'<testsuites name="pratique" tests="{tests}" '
        f'failures="{total}" errors="0">'),
        *parts,
        "</testsuites>",
        "",
    ])  # fmt: skip


def _suites(report: Report) -> list[tuple[str, list[Entry]]]:
    by_kind: dict[str, list[Entry]] = {}
    for scanner in report.scanners:
        by_kind[LOOKED_FOR.get(scanner, scanner)] = []
    for entry in by_urgency(report):
        by_kind.setdefault(entry.kind, []).append(entry)
    platform = f" ({report.image.platform})" if report.image and report.image.platform else ""
    return [
        (f"{report.name}{platform}: {_KINDS.get(kind, kind)}", entries)
        for kind, entries in by_kind.items()
    ]


def _suite(name: str, entries: Sequence[Entry]) -> Iterator[str]:
    count = len(entries)
    yield (
        f'  <testsuite name={_quoted(name)} tests="{max(1, count)}" failures="{count}" '
        'errors="0" skipped="0" time="0">'
    )
    for entry in entries:
        yield from _case(entry)
    if not entries:
        yield f'    <testcase classname={_quoted(name)} name="nothing found" time="0"/>'
    yield "  </testsuite>"


def _case(entry: Entry) -> Iterator[str]:
    place = f"{entry.path}:{entry.line}" if entry.line else entry.path
    of = f"{entry.package}-{entry.version}" if entry.package else place
    name = f"[{entry.severity}] {entry.id}"
    yield f'    <testcase classname={_quoted(of)} name={_quoted(name)} time="0">'
    text = "\n".join(part for part in (entry.message, place, entry.advice, entry.url) if part)
    yield (
        f"      <failure message={_quoted(entry.title)} type={_quoted(entry.kind)}>"
        f"{escape(lines(text))}</failure>"
    )
    yield "    </testcase>"


def _quoted(text: str) -> str:
    return quoteattr(printable(" ".join(text.split())))


format = Format("junit", render)
