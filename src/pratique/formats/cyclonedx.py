"""CycloneDX as JSON, of the version that `--cyclonedx-version` names."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import json

from pratique.codecs.sbom import cyclonedx, export
from pratique.model.format import Format, Look
from pratique.model.report import Report
from pratique.model.settings import Settings


def render(reports: Sequence[Report], chosen: Settings, _look: Look) -> str:
    """Return one document; several images are components of it."""
    bom = cyclonedx.bom(export.document(reports), chosen.cyclonedx_version)
    return json.format(json.encode(bom), indent=2).decode() + "\n"


format = Format("cyclonedx", render, finds=False)
