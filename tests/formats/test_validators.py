"""What the readers of a format themselves check, beyond what test_formats.py looks at."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from test_formats import render

import reports
from pratique.model.report import Report

CASES: dict[str, Report] = {
    "empty": reports.empty(),
    "unknown distribution": reports.unknown_distribution(),
    "many": reports.with_findings(50),  # the multitool takes minutes for thousands
    "non-ASCII": reports.with_findings(20, "Größe 日本 ﷽ 👩‍💻"),
    "hostile": reports.with_findings(20, reports.HOSTILE),
}
every_case = pytest.mark.parametrize("case", CASES)


@every_case
def test_sarif_passes_microsofts_validator(case: str, tmp_path: Path) -> None:
    """With the rules of the standard and of GitHub's code scanning; not a single remark is left."""
    multitool = shutil.which("sarif-multitool")
    if not multitool:
        pytest.skip("needs sarif-multitool (npm install --global @microsoft/sarif-multitool)")
    log, remarks = tmp_path / "x.sarif", tmp_path / "remarks.sarif"
    log.write_text(render("sarif", CASES[case]))
    # its npm wrapper goes through a shell, which would take `;` for its own
    command: list[str | Path] = [
        multitool,
        "validate",
        "--rule-kind",
        '"Sarif;Ghas"',
        "--output",
        remarks,
        log,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Analysis completed successfully" in done.stdout, done.stdout + done.stderr
    [run] = json.loads(remarks.read_text(encoding="utf-8-sig"))["runs"]
    said = [(r["ruleId"], r.get("level", "warning"), r["message"]) for r in run.get("results", ())]
    assert [one for one in said if one[1] in ("error", "warning")] == []


# the attributes that Jenkins' schema knows (jenkinsci/xunit-plugin, junit-10.xsd)
SUITE = {"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname",
         "id", "package", "file", "log", "url", "version"}  # fmt: skip
CASE = {
    "name",
    "classname",
    "group",
    "assertions",
    "time",
    "status",
    "class",
    "file",
    "line",
    "url",
}


@every_case
def test_junit_has_what_jenkins_knows_and_no_more(case: str) -> None:
    root = ElementTree.fromstring(render("junit", CASES[case]))
    assert root.tag == "testsuites"
    assert set(root.attrib) <= {"name", "time", "tests", "failures", "disabled", "errors"}
    for suite in root:
        assert (suite.tag, set(suite.attrib) - SUITE) == ("testsuite", set())
        assert {"name", "tests"} <= set(suite.attrib)
        assert len(suite) >= 1
        for one in suite:
            assert (one.tag, set(one.attrib) - CASE) == ("testcase", set())
            assert one.attrib["name"]
            for failure in one:
                assert (failure.tag, set(failure.attrib)) == ("failure", {"message", "type"})
                assert len(failure) == 0


# as GitHub's REST description has it: create a snapshot of dependencies for a repository
_METADATA = {"type": "object", "maxProperties": 8,
             "additionalProperties": {"type": ["string", "number", "boolean", "null"]}}  # fmt: skip
_DEPENDENCY = {
    "type": "object", "additionalProperties": False, "properties": {
        "package_url": {"type": "string", "pattern": "^pkg"}, "metadata": _METADATA,
        "relationship": {"enum": ["direct", "indirect"]},
        "scope": {"enum": ["runtime", "development"]},
        "dependencies": {"type": "array", "items": {"type": "string"}},
    },
}  # fmt: skip
SNAPSHOT = {
    "type": "object", "additionalProperties": False,
    "required": ["version", "job", "sha", "ref", "detector", "scanned"],
    "properties": {
        "version": {"type": "integer"},
        "job": {"type": "object", "required": ["id", "correlator"],
                "additionalProperties": {"type": "string"}},
        "sha": {"type": "string", "minLength": 40, "maxLength": 40},
        "ref": {"type": "string", "pattern": "^refs/"},
        "detector": {"type": "object", "required": ["name", "version", "url"],
                     "additionalProperties": {"type": "string"}},
        "metadata": _METADATA,
        "manifests": {"type": "object", "additionalProperties": {
            "type": "object", "required": ["name"], "additionalProperties": False, "properties": {
                "name": {"type": "string"}, "metadata": _METADATA,
                "file": {"type": "object", "additionalProperties": False,
                         "properties": {"source_location": {"type": "string"}}},
                "resolved": {"type": "object", "additionalProperties": _DEPENDENCY},
            }}},
        "scanned": {"type": "string", "format": "date-time"},
    },
}  # fmt: skip


@every_case
def test_a_snapshot_of_dependencies_is_what_github_takes(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_SHA", "a" * 40)
    monkeypatch.setenv("GITHUB_REF", "refs/heads/main")
    document: Any = json.loads(render("github", CASES[case]))
    jsonschema_rs.Draft202012Validator(SNAPSHOT, validate_formats=True).validate(document)
    for manifest in document["manifests"].values():
        known = set(manifest["resolved"])
        assert all(d["package_url"] in known for d in manifest["resolved"].values())


# GitLab's schema 15.0.7 of container scanning, as far as it says more than that a text is a text
_IDENTIFIER = {
    "type": "object", "required": ["type", "name", "value"], "properties": {
        key: {"type": "string", "minLength": 1} for key in ("type", "name", "value")
    } | {"url": {"type": "string", "pattern": "^(https?|ftp)://.+"}},
}  # fmt: skip
_TOOL = {
    "type": "object", "required": ["id", "name", "version", "vendor"], "properties": {
        key: {"type": "string", "minLength": 1} for key in ("id", "name", "version")
    },
}  # fmt: skip
GITLAB = {
    "type": "object", "required": ["scan", "version", "vulnerabilities"], "properties": {
        "version": {"pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$"},
        "schema": {"pattern": "^https?://.+"},
        "scan": {
            "type": "object",
            "required": ["analyzer", "end_time", "scanner", "start_time", "status", "type"],
            "properties": {"analyzer": _TOOL, "scanner": _TOOL,
                           "status": {"enum": ["success", "failure"]},
                           "type": {"enum": ["container_scanning", "dependency_scanning"]}},
        },
        "vulnerabilities": {"type": "array", "items": {
            "type": "object", "required": ["id", "identifiers", "location"], "properties": {
                "id": {"type": "string", "minLength": 1},
                "name": {"type": "string", "maxLength": 255},
                "description": {"type": "string", "maxLength": 1_048_576},
                "severity": {"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
                "solution": {"type": "string", "maxLength": 7000},
                "identifiers": {"type": "array", "minItems": 1, "items": _IDENTIFIER},
                "links": {"type": "array", "items": {
                    "type": "object", "required": ["url"],
                    "properties": {"url": {"pattern": "^(https?|ftp)://.+"}}}},
                "location": {"type": "object", "required": ["dependency"], "properties": {
                    "dependency": {"type": "object", "required": ["package", "version"]},
                    "operating_system": {"type": "string", "minLength": 1},
                    "image": {"type": "string", "minLength": 1},
                    "file": {"type": "string", "minLength": 1}}},
            }}},
    },
}  # fmt: skip


@every_case
@pytest.mark.parametrize("name", ["gitlab", "gitlab-dependencies"])
def test_gitlab_takes_the_report(case: str, name: str) -> None:
    document = json.loads(render(name, CASES[case]))
    jsonschema_rs.Draft202012Validator(GITLAB).validate(document)
    assert re.fullmatch(r"15\.\d+\.\d+", document["version"])
