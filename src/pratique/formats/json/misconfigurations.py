"""Results of class `config`: one for each file that was judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pratique.codecs.check_ids import legacy, of_trivy
from pratique.formats.json.parts import code, layer, without_nothing
from pratique.model.check import Check
from pratique.model.misconfiguration import Examined, Misconfiguration
from pratique.model.report import Report
from pratique.model.settings import Settings

_NAMES = {
    "dockerfile": "Dockerfile", "kubernetes": "Kubernetes", "helm": "Helm", "compose": "Compose",
    "image": "Image", "kustomize": "Kustomize",
}  # fmt: skip
_TRIVYS = "https://avd.aquasec.com/misconfig/"


def results(report: Report, chosen: Settings) -> Iterator[dict[str, Any]]:
    """Yield a result for each file, those without a failure as well: they were judged."""
    for one in sorted(report.examined, key=lambda e: (e.path, e.type)):
        yield without_nothing({
            "Target": one.path,
            "Class": "config",
            "Type": one.type,
            "MisconfSummary": {"Successes": one.passed, "Failures": len(one.failures)},
            "Misconfigurations": [
                *(misconfiguration(f, report) for f in one.failures),
                *(_held(check, one, report) for check in one.held),
            ],
            "ExperimentalModifiedFindings": _suppressed(one, report, chosen),
        })  # fmt: skip


def _suppressed(one: Examined, report: Report, chosen: Settings) -> list[dict[str, Any]]:
    return [
        {"Type": "misconfiguration", "Status": "ignored", "Statement": f.reason,
         "Source": "pratique", "Finding": misconfiguration(f, report)}
        for f in (one.suppressed if chosen.show_suppressed else ())
    ]  # fmt: skip


def misconfiguration(failure: Misconfiguration, report: Report) -> dict[str, Any]:
    return without_nothing({
        **_named(failure.check, failure.aliases, failure.type, failure.namespace),
        "Title": failure.title,
        "Description": failure.why,
        "Message": failure.message,
        "Resolution": failure.resolution,
        "Severity": failure.severity,
        **_read_more(failure.aliases, failure.references),
        "Status": "FAIL",
        "Layer": layer(report.image, failure.layer),
        "CauseMetadata": _cause(failure),
        "Pratique": without_nothing({
            "ID": failure.check,
            "Aliases": failure.aliases,
            "Remarks": failure.remarks,
            "Fix": {"StartLine": failure.fix.start, "EndLine": failure.fix.end,
                    "Text": failure.fix.text} if failure.fix else {},
        }),
    })  # fmt: skip


def _held(check: Check, one: Examined, report: Report) -> dict[str, Any]:
    return without_nothing({
        **_named(check.name, check.aliases, one.type, check.namespace),
        "Title": check.title,
        "Description": check.why,
        "Message": "No issues found",
        "Resolution": check.resolution,
        "Severity": check.severity,
        **_read_more(check.aliases, check.references),
        "Status": "PASS",
        "Layer": layer(report.image, one.layer),
        "CauseMetadata": {"Provider": _NAMES.get(one.type, one.type), "Service": "general"},
        "Pratique": without_nothing({"ID": check.name, "Aliases": check.aliases}),
    })  # fmt: skip


def _named(id: str, aliases: tuple[str, ...], type: str, namespace: str) -> dict[str, str]:
    """Return a check's names: Trivy's id is the id where it has the check as well."""
    trivy = of_trivy(aliases)
    if not namespace:
        kind = "kubernetes" if trivy.startswith("K") else type
        namespace = f"builtin.{kind}.{legacy(trivy)}" if trivy else f"pratique.{type}.{id}"
    return {
        "Type": f"{_NAMES.get(type, type)} Security Check",
        "ID": trivy or id,
        "AVDID": f"AVD-{trivy}" if trivy else "",
        "Namespace": namespace,
        "Query": f"data.{namespace}.deny",
    }


def _read_more(aliases: tuple[str, ...], references: tuple[str, ...]) -> dict[str, Any]:
    trivy = of_trivy(aliases)
    page = f"{_TRIVYS}{trivy.lower()}" if trivy else next(iter(references), "")
    return {"PrimaryURL": page, "References": list(dict.fromkeys((*references, page)))
            if page else []}  # fmt: skip


def _cause(failure: Misconfiguration) -> dict[str, Any]:
    """Return where a failure is: of a long stretch the first lines, and a mark for the others."""
    shown = code(failure.code, failure.start) if failure.code else {}
    if shown and failure.start + len(failure.code) <= failure.end:
        shown["Lines"].append({
            "Number": failure.start + len(failure.code), "Content": "", "IsCause": False,
            "Annotation": "", "Truncated": True, "FirstCause": False, "LastCause": False,
        })  # fmt: skip
    return without_nothing(
        {
            "Resource": failure.resource,
            "Provider": _NAMES.get(failure.type, failure.type),
            "Service": "general",
            "StartLine": failure.start,
            "EndLine": failure.end,
            "Code": shown,
        }
    )
