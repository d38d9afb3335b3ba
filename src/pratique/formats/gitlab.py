"""GitLab's container-scanning report, schema 15.0 (https://gitlab.com/gitlab-org/security-products/
security-report-schemas): `artifacts:reports:container_scanning`.

Only vulnerabilities: the schema knows nothing else of an image.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import json

from pratique.codecs import gitlab
from pratique.entries import by_urgency
from pratique.model.entry import Entry
from pratique.model.format import Format, Look
from pratique.model.report import Report
from pratique.model.settings import Settings


def render(reports: Sequence[Report], _chosen: Settings, _look: Look) -> str:
    """Return one document for all platforms; the image's name tells them apart."""
    found = [
        gitlab.vulnerability(entry, _location(entry, report))
        for report in reports for entry in by_urgency(report) if entry.finding
    ]  # fmt: skip
    document = gitlab.report("container_scanning", found, reports[0].created)
    return json.format(json.encode(document), indent=2).decode() + "\n"


def _location(entry: Entry, report: Report) -> dict[str, Any]:
    distro = report.inventory.distro
    system = f"{distro.id} {distro.version}".strip() if distro else "unknown"
    image = report.image
    name = image.tags[0] if image and image.tags else report.name
    return {
        "dependency": {"package": {"name": entry.package}, "version": entry.version or "unknown"},
        "operating_system": system,
        "image": name,
    }


format = Format("gitlab", render)
