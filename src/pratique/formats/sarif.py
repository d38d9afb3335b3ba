"""SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), as GitHub's code scanning asks.

Its limits are kept: 25,000 results a run, texts of 1,024 characters. What had to be left out is
said in a notification of the run, as is what could not be read or judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from msgspec import json

from pratique import __version__
from pratique.codecs.plaintext import cut, lines, markdown, printable
from pratique.entries import by_urgency, repository_path, suppressed
from pratique.model.entry import Entry
from pratique.model.format import Format, Look
from pratique.model.report import Report
from pratique.model.settings import Settings

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_MOST_RESULTS = 25_000
_MOST_TEXT = 1024
_LEVELS = {"CRITICAL": "error", "HIGH": "error", "MEDIUM": "warning"}
# the middle of what code scanning calls by these words
_SCORES = {"CRITICAL": 9.5, "HIGH": 8.0, "MEDIUM": 5.5, "LOW": 2.0, "UNKNOWN": 0.0}
_NAMES = {
    "vulnerability": "Vulnerability", "misconfiguration": "Misconfiguration",
    "secret": "Secret", "license": "License",
}  # fmt: skip
_PRECISION = {"vulnerability": "very-high", "misconfiguration": "high", "secret": "high",
              "license": "medium"}  # fmt: skip


def render(reports: Sequence[Report], chosen: Settings, _look: Look) -> str:
    """Return one log with a run for each report."""
    runs = [_run(report, chosen, several=len(reports) > 1) for report in reports]
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": runs}
    return json.format(json.encode(document), indent=2).decode() + "\n"


def _run(report: Report, chosen: Settings, *, several: bool) -> dict[str, Any]:
    every = [*by_urgency(report), *(suppressed(report) if chosen.show_suppressed else ())]
    entries = every[:_MOST_RESULTS]
    by_rule: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        by_rule.setdefault((entry.kind, entry.id), []).append(entry)
    numbers = {rule: number for number, rule in enumerate(by_rule)}
    platform = f"/{report.image.platform}" if several and report.image else ""
    return {
        "tool": {
            "driver": {
                "name": "Pratique",
                "semanticVersion": __version__,
                "informationUri": "https://pypi.org/project/pratique",
                "rules": [_rule(some) for some in by_rule.values()],
            }
        },
        "automationDetails": {"id": f"pratique{platform}/"},
        "invocations": [
            {
                "executionSuccessful": True,
                "endTimeUtc": report.created,
                "toolExecutionNotifications": [*_notifications(report, len(every))],
            }
        ],
        "results": [_result(e, report, numbers[(e.kind, e.id)]) for e in entries],
        "columnKind": "utf16CodeUnits",
        "properties": _properties(report),
    }


def _rule(entries: Sequence[Entry]) -> dict[str, Any]:
    """Return a rule with what holds of all its results: others' packages are not its business."""
    first = entries[0]
    score = max(_score(entry) for entry in entries)
    severity = first.severity.lower()
    return {
        "id": first.id,
        "name": _NAMES[first.kind],
        "shortDescription": {"text": _text(first.title)},
        "fullDescription": {"text": _text(first.description or first.title)},
        "help": {
            "text": _text(first.description or first.title, 16_000),
            "markdown": _text(_help(entries), 16_000),
        },
        "defaultConfiguration": {"level": _LEVELS.get(first.severity, "note")},
        "properties": {
            "tags": ["security", first.kind, severity],
            "precision": _PRECISION[first.kind],
            "security-severity": f"{score:.1f}",
        },
    } | ({"helpUri": first.url} if first.url.startswith(("https://", "http://")) else {})


def _help(entries: Sequence[Entry]) -> str:
    """Return Markdown in which nothing of an advisory's or an image's can be markup."""
    first = entries[0]
    rows = dict.fromkeys(
        (e.package, e.version, ", ".join(e.fixed) or "none") for e in entries if e.package
    )
    shown = [f"**{markdown(first.title)}**", ""]
    if rows:
        shown += ["| Package | Installed | Fixed |", "|---|---|---|"]
        shown += [f"| {' | '.join(map(markdown, row))} |" for row in rows]
        shown.append("")
    if first.description:
        shown += [markdown(first.description), ""]
    shown += [markdown(e) for e in dict.fromkeys(entry.advice for entry in entries) if e][:20]
    return "\n".join(shown)


def _score(entry: Entry) -> float:
    finding = entry.finding
    if finding is None:
        return _SCORES[entry.severity]
    named = [r.score for r in finding.ratings if r.source == finding.severity_source and r.score]
    return max(named, default=_SCORES[entry.severity])


def _result(entry: Entry, report: Report, rule: int) -> dict[str, Any]:
    layer = ""
    if report.image and 0 <= entry.layer < len(report.image.layers):
        made = " ".join(report.image.layers[entry.layer].created_by.split())
        layer = f" Layer {entry.layer + 1}{f': {made[:200]}' if made else ''}."
    advice = f" {entry.advice}" if entry.advice else ""
    result: dict[str, Any] = {
        "ruleId": entry.id,
        "ruleIndex": rule,
        "level": _LEVELS.get(entry.severity, "note"),
        "message": {"text": f"{printable(entry.message)}.{advice}{layer}"},
        "locations": [_location(entry, report)],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{entry.fingerprint.removeprefix('sha256:')[:16]}:1",
            "pratique/v1": entry.fingerprint,
        },
    }
    if report.baseline:
        result["baselineState"] = _baseline_state(entry, report)
    if entry.reason:
        result["suppressions"] = [{"kind": "external", "justification": _text(entry.reason)}]
    return result


def _baseline_state(entry: Entry, report: Report) -> str:
    state = report.baseline.states.get(entry.fingerprint, "new") if report.baseline else "new"
    return "unchanged" if state == "unchanged" else "new"


def _location(entry: Entry, report: Report) -> dict[str, Any]:
    start, end = max(1, entry.line), entry.end_line
    path = repository_path(entry.path, report) if entry.path else report.name
    if entry.origin:  # a line that a pull request can show
        path, start = entry.origin.path, entry.origin.line_of(entry.package)
        end = max(start, entry.origin.end)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(path.lstrip("/"), safe="/@+,=~") or "image"},
            "region": {"startLine": start, "endLine": max(start, end)},
        },
        "message": {"text": _text(f"{report.name}: {path}")},
    }


def _notifications(report: Report, found: int) -> Iterator[dict[str, Any]]:
    if found > _MOST_RESULTS:
        text = f"{found - _MOST_RESULTS} of {found} results are left out: the least severe ones"
        yield {"level": "warning", "message": {"text": text}}
    for problem in report.problems:
        where = f"{problem.where}: " if problem.where else ""
        yield {"level": "warning", "message": {"text": _text(where + problem.what)}}
    for shard in report.missing:
        yield {"level": "error", "message": {"text": f"not checked: no advisories for {shard}"}}


def _properties(report: Report) -> dict[str, Any]:
    image = report.image
    if image is None:
        return {"name": report.name}
    return {
        "imageName": report.name,
        "imageID": image.id,
        "repoTags": list(image.tags),
        "repoDigests": list(image.digests),
        "platform": image.platform,
    }


def _text(text: str, most: int = _MOST_TEXT) -> str:
    """Return text that is not empty, as code scanning demands, and not too long."""
    return cut(lines(text) or "-", most)


format = Format("sarif", render)
