"""SPDX 2.3 as tags and values."""

from __future__ import annotations

from collections.abc import Sequence

from pratique.codecs.sbom import export, spdx_tags
from pratique.model.format import Format, Look
from pratique.model.report import Report
from pratique.model.settings import Settings


def render(reports: Sequence[Report], _chosen: Settings, _look: Look) -> str:
    """Return one document; several images are packages of it."""
    return spdx_tags.write(export.document(reports))


format = Format("spdx", render, finds=False, scanners=("license",))
