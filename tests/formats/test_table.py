"""The head of the table says what a reader would otherwise wonder about."""

from __future__ import annotations

from msgspec.structs import replace

from pratique.formats.table import format as table
from pratique.model.advisory import Shard
from pratique.model.format import Look
from pratique.model.settings import Settings
from reports import with_findings


def test_why_severities_are_unknown() -> None:
    report = with_findings(10)
    assert sum(f.severity == "UNKNOWN" for f in report.findings) == 2
    text = table.render([report], Settings(), Look())
    assert "2 of UNKNOWN severity: NVD's ratings are not at hand for 2024" in text
    rated = replace(report, shards=(Shard("CVE:2024", "nvd", "2026-01-01", "2026-01-01", 1),))
    assert "UNKNOWN severity" not in table.render([rated], Settings(), Look())
