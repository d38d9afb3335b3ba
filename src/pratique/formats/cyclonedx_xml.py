"""CycloneDX as XML, of the version that `--cyclonedx-version` names."""

from __future__ import annotations

from collections.abc import Sequence

from pratique.codecs.sbom import cyclonedx_xml, export
from pratique.model.format import Format, Look
from pratique.model.report import Report
from pratique.model.settings import Settings


def render(reports: Sequence[Report], chosen: Settings, _look: Look) -> str:
    """Return one document; several images are components of it."""
    return cyclonedx_xml.write(export.document(reports), chosen.cyclonedx_version)


format = Format("cyclonedx-xml", render, finds=False, scanners=("license",))
