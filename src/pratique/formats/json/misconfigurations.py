"""Results of class `config`: one for each file that was judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pratique.formats.json.parts import code, layer, without_nothing
from pratique.model.misconfiguration import Examined, Misconfiguration
from pratique.model.report import Report
from pratique.model.settings import Settings

_TRIVYS = ("DS-", "KSV-", "KCV-")


def results(report: Report, chosen: Settings) -> Iterator[dict[str, Any]]:
    """Yield a result for each file, those without a failure as well: they were judged."""
    for one in sorted(report.examined, key=lambda e: (e.path, e.type)):
        yield without_nothing({
            "Target": one.path,
            "Class": "config",
            "Type": one.type,
            "MisconfSummary": {"Successes": one.passed, "Failures": len(one.failures)},
            "Misconfigurations": [_misconfiguration(f, report) for f in one.failures],
            "ExperimentalModifiedFindings": _suppressed(one, report, chosen),
        })  # fmt: skip


def _suppressed(one: Examined, report: Report, chosen: Settings) -> list[dict[str, Any]]:
    return [
        {"Type": "misconfiguration", "Status": "ignored", "Statement": f.reason,
         "Source": "pratique", "Finding": _misconfiguration(f, report)}
        for f in (one.suppressed if chosen.show_suppressed else ())
    ]  # fmt: skip


def _misconfiguration(failure: Misconfiguration, report: Report) -> dict[str, Any]:
    """Trivy's id is the id where it has the check as well; ours is beside it."""
    trivy = next((alias for alias in failure.aliases if alias.startswith(_TRIVYS)), "")
    return without_nothing({
        "Type": failure.type,
        "ID": trivy or failure.check,
        "AVDID": f"AVD-{trivy}" if trivy else "",
        "Title": failure.title,
        "Description": failure.why,
        "Message": failure.message,
        "Resolution": failure.resolution,
        "Severity": failure.severity,
        "PrimaryURL": next(iter(failure.references), ""),
        "References": failure.references,
        "Status": "FAIL",
        "Layer": layer(report.image, failure.layer),
        "CauseMetadata": without_nothing({
            "Resource": failure.resource,
            "Provider": failure.type.capitalize(),
            "Service": "general",
            "StartLine": failure.start,
            "EndLine": failure.end,
            "Code": code(failure.code, failure.start) if failure.code else {},
        }),
        "Pratique": without_nothing({
            "ID": failure.check,
            "Aliases": failure.aliases,
            "Fix": {"StartLine": failure.fix.start, "EndLine": failure.fix.end,
                    "Text": failure.fix.text} if failure.fix else {},
        }),
    })  # fmt: skip
