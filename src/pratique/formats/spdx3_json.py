"""SPDX 3.0 as JSON-LD."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import json

from pratique.codecs.sbom import export, spdx3
from pratique.model.format import Format, Look
from pratique.model.report import Report
from pratique.model.settings import Settings


def render(reports: Sequence[Report], _chosen: Settings, _look: Look) -> str:
    """Return one document; several images are packages of it."""
    document = spdx3.graph(export.document(reports))
    return json.format(json.encode(document), indent=2).decode() + "\n"


format = Format("spdx3-json", render, finds=False, scanners=("license",))
