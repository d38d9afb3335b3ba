"""GitLab's dependency-scanning report, schema 15.0: `artifacts:reports:dependency_scanning`.

The packages of lock files and of language ecosystems; a distribution's are in the report `gitlab`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import json

from pratique.codecs import gitlab
from pratique.entries import by_urgency
from pratique.model.entry import Entry
from pratique.model.format import Format, Look
from pratique.model.inventory import SYSTEM_TYPES, Package
from pratique.model.report import Report
from pratique.model.settings import Settings


def render(reports: Sequence[Report], _chosen: Settings, _look: Look) -> str:
    """Return one document with the files that name dependencies, and what is wrong with these."""
    found = [
        gitlab.vulnerability(entry, _location(entry))
        for report in reports for entry in by_urgency(report)
        if entry.finding and not entry.system
    ]  # fmt: skip
    document = gitlab.report("dependency_scanning", found, reports[0].created)
    document["dependency_files"] = _files(reports)
    return json.format(json.encode(document), indent=2).decode() + "\n"


def _location(entry: Entry) -> dict[str, Any]:
    dependency = {"package": {"name": entry.package}, "version": entry.version or "unknown"}
    return {"file": entry.path or "unknown", "dependency": dependency}


def _files(reports: Sequence[Report]) -> list[dict[str, Any]]:
    by_file: dict[tuple[str, str], list[Package]] = {}
    for report in reports:
        for package in report.inventory.packages:
            if package.type not in SYSTEM_TYPES:
                by_file.setdefault((package.path, package.analyzer), []).append(package)
    return [
        {"path": path or "unknown", "package_manager": analyzer or "unknown",
         "dependencies": [{"package": {"name": p.name}, "version": p.version or "unknown"}
                          for p in packages]}
        for (path, analyzer), packages in sorted(by_file.items())
    ]  # fmt: skip


format = Format("gitlab-dependencies", render)
