"""CycloneDX as JSON, of the version that `--cyclonedx-version` names.

With `--scanners vuln` it holds the vulnerabilities as well, those that were judged away with the
reason as their analysis; without, it is a bill of materials alone, as Trivy's is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import json

from pratique.codecs.sbom import cyclonedx, export
from pratique.codecs.sbom.vulnerabilities import vulnerabilities
from pratique.entries import url_of
from pratique.model.format import Format, Look
from pratique.model.report import Report
from pratique.model.settings import Settings


def render(reports: Sequence[Report], chosen: Settings, _look: Look) -> str:
    """Return one document; several images are components of it."""
    document, references = export.with_references(reports)
    found: list[dict[str, Any]] = []
    for report, refs in zip(reports, references, strict=True):
        listed = [f for f in (*report.findings, *report.suppressed) if f.package in refs]
        found += vulnerabilities(listed, refs, url_of, len(found))
    bom = cyclonedx.bom(document, chosen.cyclonedx_version, found)
    return json.format(json.encode(bom), indent=2).decode() + "\n"


format = Format("cyclonedx", render, finds=False)
