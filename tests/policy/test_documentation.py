"""The examples of docs/policy.md and docs/formats.md are what is read and rendered."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from msgspec.structs import replace

import reports
from pratique.baseline import held_against
from pratique.cli.policy_schema import schema
from pratique.formats.template import render
from pratique.model.format import Look
from pratique.model.inventory import Inventory
from pratique.model.policy import FindingGate, Policy, ReportGate
from pratique.model.settings import Settings
from pratique.policy import verdict
from pratique.policy.reading import read_policy

DOCS = Path(__file__).parents[2] / "docs"


def examples(name: str, language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", (DOCS / name).read_text(), re.DOTALL | re.MULTILINE
    )


@pytest.mark.parametrize("environment", ["", "dev", "production"])
def test_the_policy_is_read(environment: str) -> None:
    text = examples("policy.md", "yaml")[0]
    plain = json.loads(json.dumps(yaml.safe_load(text), default=str))  # days are texts
    jsonschema_rs.validate(schema(), plain)
    policy = read_policy(text, "docs/policy.md", environment)
    assert len(policy.gates) >= 8
    assert all(gate.action == "warn" for gate in policy.gates) == (environment == "dev")


def test_every_condition_is_documented() -> None:
    text = (DOCS / "policy.md").read_text()
    for field in {*FindingGate.__struct_fields__, *ReportGate.__struct_fields__}:
        assert f"`{ {'origin': 'from'}.get(field, field.replace('_', '-')) }`" in text, field


def test_the_template_is_rendered() -> None:
    [template] = examples("formats.md", "jinja")
    text = render([reports.with_findings(20)], Settings(template=template), Look())
    assert "# shop a flaw" in text
    assert "HIGH CVE-2024-0001" in text
    assert "upgrade " in text


def test_a_gate_without_a_state_is_about_what_is_new_where_there_is_a_baseline() -> None:
    report = reports.with_findings(20)
    before = replace(report, findings=report.findings[2:], inventory=Inventory())
    held = replace(report, baseline=held_against(report, before))
    (breach,) = verdict(held, Policy("own", (FindingGate(name="all"),))).breaches
    assert {entry.id for entry in breach.entries} <= {f.id for f in report.findings[:2]}
    every = FindingGate(name="all", state=("new", "disclosed", "unchanged"))
    (breach,) = verdict(held, Policy("own", (every,))).breaches
    assert len(breach.entries) == len(report.findings)
