"""Results of class `license` (of packages) and `license-file` (of files that hold a text)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pratique.codecs import trivy
from pratique.formats.json.parts import without_nothing
from pratique.model.inventory import SYSTEM_TYPES
from pratique.model.license import LicenseFinding
from pratique.model.report import Report
from pratique.model.settings import Settings

_FILES = "Loose File License(s)"


def results(report: Report, chosen: Settings) -> Iterator[dict[str, Any]]:
    """Yield one result for the system's packages, one for each kind of others, one for files."""
    by_place: dict[tuple[str, str], list[LicenseFinding]] = {}
    for one in report.licenses:
        if not one.reason or chosen.show_suppressed:
            by_place.setdefault(_place(one), []).append(one)
    for (target, kind), licenses in sorted(by_place.items()):
        yield without_nothing({
            "Target": target,
            "Class": kind,
            "Licenses": [license_finding(one) for one in licenses if not one.reason],
            "ExperimentalModifiedFindings": [
                {"Type": "license", "Status": "ignored", "Statement": one.reason,
                 "Source": "pratique", "Finding": license_finding(one)}
                for one in licenses if one.reason
            ],
        })  # fmt: skip


def _place(one: LicenseFinding) -> tuple[str, str]:
    if not one.package:
        return _FILES, "license-file"
    if one.type in SYSTEM_TYPES:
        return "OS Packages", "license"
    return trivy.TARGETS.get(one.analyzer, one.path), "license"


def license_finding(one: LicenseFinding) -> dict[str, Any]:
    return without_nothing({
        "Severity": one.severity,
        "Category": one.category,
        "PkgName": one.package,
        "FilePath": one.path,
        "Name": one.name,
        "Confidence": one.confidence,
        "Pratique": without_nothing(
            {"Version": one.version, "Type": one.type, "AnalyzedBy": one.analyzer,
             "Category": one.category, "Remark": one.remark}
        ),
    })  # fmt: skip
