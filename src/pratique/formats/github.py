"""GitHub's dependency snapshot (REST: `POST /repos/{owner}/{repo}/dependency-graph/snapshots`).

The commit, the ref and the job are those of the GitHub Actions run that it is written in.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from msgspec import json

from pratique import __version__
from pratique.model.format import Format, Look
from pratique.model.inventory import SYSTEM_TYPES, Package
from pratique.model.purl import purl
from pratique.model.report import Report
from pratique.model.settings import Settings


def render(reports: Sequence[Report], _chosen: Settings, _look: Look) -> str:
    """Return one snapshot; each file that names packages is a manifest of it."""
    given = os.environ.get
    snapshot = {
        "version": 0,
        "sha": given("GITHUB_SHA", ""),
        "ref": given("GITHUB_REF", ""),
        "job": {
            "correlator": "_".join((given("GITHUB_WORKFLOW", "pratique"), given("GITHUB_JOB", ""))),
            "id": given("GITHUB_RUN_ID", ""),
        },
        "detector": {
            "name": "pratique", "version": __version__, "url": "https://pypi.org/project/pratique",
        },
        "scanned": reports[0].created,
        "manifests": {
            name: _manifest(name, packages, report)
            for report in reports for name, packages in _by_file(report).items()
        },
    }  # fmt: skip
    return json.format(json.encode(snapshot), indent=2).decode() + "\n"


def _by_file(report: Report) -> dict[str, list[Package]]:
    files: dict[str, list[Package]] = {}
    for package in report.inventory.packages:
        name = report.name if package.type in SYSTEM_TYPES else package.path
        files.setdefault(name, []).append(package)
    return files


def _manifest(name: str, packages: Sequence[Package], report: Report) -> dict[str, Any]:
    ids = {f"{p.name}@{p.version}": purl(p, report.inventory.distro) for p in packages}
    metadata: dict[str, str] = {}
    if image := report.image:
        metadata = {"image_id": image.id, "image": report.name}
    return {
        "name": name,
        "metadata": metadata,
        "resolved": {
            url: _resolved(package, url, ids)
            for package in packages
            if (url := purl(package, report.inventory.distro))
        },
    } | ({} if report.image else {"file": {"source_location": name}})


def _resolved(package: Package, url: str, ids: dict[str, str]) -> dict[str, Any]:
    return {
        "package_url": url,
        "relationship": "indirect" if package.relation == "indirect" else "direct",
        "scope": "development" if package.dev else "runtime",
        "dependencies": [ids[name] for name in package.depends if name in ids],
    }


format = Format("github", render, finds=False)
