"""Every format: valid by its own judge, the same bytes each time, and hostile words are inert."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema_rs
import msgspec
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

import reports
from pratique.model.format import Format, Look
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.option_values import FORMATS

CORPUS = Path(os.environ.get("PRATIQUE_CORPUS", Path(__file__).parents[2].parent / "shared"))
TEMPLATE = "{% for e in entries(report) %}{{ e.id }}\n{% endfor %}"
CASES: dict[str, Callable[[], Report]] = {
    "empty": reports.empty,
    "unknown distribution": reports.unknown_distribution,
    "many": lambda: reports.with_findings(5000),
    "non-ASCII": lambda: reports.with_findings(20, "Größe 日本 ﷽ 👩‍💻"),
    "hostile": lambda: reports.with_findings(20, reports.HOSTILE),
}
every_case = pytest.mark.parametrize("case", CASES)


def render(name: str, *found: Report, **chosen: Any) -> str:
    format_: Format = import_module("pratique.formats." + name.replace("-", "_")).format
    settings = Settings(
        template=TEMPLATE, show_suppressed=True, scanners=reports.SCANNERS, **chosen
    )
    return format_.render(found, settings, Look())


@pytest.mark.parametrize("name", FORMATS)
@every_case
def test_identical_input_gives_identical_text_that_can_be_written(name: str, case: str) -> None:
    text = render(name, CASES[case]())
    assert text == render(name, CASES[case]())
    assert text.encode("utf-8", "strict") or name == "template"
    assert "\x1b" not in text
    assert "\x00" not in text


@every_case
def test_json_is_written_as_one_document_would_be(case: str) -> None:
    one, two = CASES[case](), CASES[case]()
    for found in ((one,), (one, two)):
        text = render("json", *found)
        again = msgspec.json.format(msgspec.json.encode(json.loads(text)), indent=2).decode()
        assert text == again + "\n"


def _schema(name: str) -> Any:
    path = CORPUS / "specs" / name
    if not path.exists():
        pytest.skip(f"needs {path} (PRATIQUE_CORPUS)")
    return json.loads(path.read_text())


@every_case
def test_sarif_follows_its_schema_and_code_scannings_rules(case: str) -> None:
    log = json.loads(render("sarif", CASES[case](), CASES[case]()))
    jsonschema_rs.validate(_schema("sarif-2.1.0.schema.json"), log)
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        for rule in rules:
            texts = (rule["shortDescription"]["text"], rule["fullDescription"]["text"])
            assert all(0 < len(text) <= 1024 for text in texts)
            assert 0 <= float(rule["properties"]["security-severity"]) <= 10
            assert len(rule["properties"]["tags"]) <= 20
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            assert len(result["locations"]) == 1
            uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"[A-Za-z0-9%/@+,=~._-]+", uri)
            assert result["partialFingerprints"]["primaryLocationLineHash"]
        assert len({json.dumps(rule) for rule in rules}) == len(rules)


def test_sarif_says_what_it_leaves_out() -> None:
    [run] = json.loads(render("sarif", reports.with_findings(26_000)))["runs"]
    assert len(run["results"]) == 25_000
    notes = [n["message"]["text"] for n in run["invocations"][0]["toolExecutionNotifications"]]
    assert any("left out" in note for note in notes)


@every_case
def test_openvex_follows_its_schema(case: str) -> None:
    document = json.loads(render("openvex", CASES[case]()))
    if not document["statements"]:
        pytest.skip("a document without statements is none by the schema; nothing was found")
    jsonschema_rs.validate(_schema("openvex.schema.json"), document)


@every_case
@pytest.mark.parametrize("version", ["1.6", "1.7"])
def test_cyclonedx_with_vulnerabilities_is_valid(case: str, version: str) -> None:
    report = reports.with_findings(100) if case == "many" else CASES[case]()  # it is slow
    text = render("cyclonedx", report, cyclonedx_version=version)
    schema = {"1.6": SchemaVersion.V1_6, "1.7": SchemaVersion.V1_7}[version]
    assert JsonStrictValidator(schema).validate_str(text) is None
    document = json.loads(text)
    refs = {c.get("bom-ref") for c in document["components"]}
    for flaw in document.get("vulnerabilities", ()):
        assert all(place["ref"] in refs for place in flaw["affects"])


@every_case
def test_junit_counts_what_it_has(case: str) -> None:
    root = ElementTree.fromstring(render("junit", CASES[case]()))
    for suite in root:
        assert int(suite.attrib["tests"]) == len(suite)
        assert int(suite.attrib["failures"]) == sum(len(c) for c in suite)
    assert int(root.attrib["failures"]) == sum(int(s.attrib["failures"]) for s in root)
    assert len(root) == len(reports.SCANNERS)


@every_case
def test_no_cell_of_csv_is_a_formula(case: str) -> None:
    rows = list(csv.reader(io.StringIO(render("csv", CASES[case]()))))
    assert {len(row) for row in rows} == {18}
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row
    )


@every_case
@pytest.mark.parametrize("name", ["gitlab", "gitlab-dependencies"])
def test_gitlab_gets_what_its_schema_demands(name: str, case: str) -> None:
    document = json.loads(render(name, CASES[case]()))
    assert document["version"] == "15.0.7"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", document["scan"]["start_time"])
    ids = [flaw["id"] for flaw in document["vulnerabilities"]]
    assert len(set(ids)) == len(ids)
    for flaw in document["vulnerabilities"]:
        assert flaw["severity"] in ("Unknown", "Low", "Medium", "High", "Critical")
        assert len(flaw["name"]) <= 255
        assert 1 <= len(flaw["identifiers"]) <= 20
        assert flaw["location"]["dependency"]["package"]["name"]
        assert all(re.match(r"https?://", link["url"]) for link in flaw["links"])


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: dict[str, int] = {}
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] = self.tags.get(tag, 0) + 1
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not any(name.startswith("on") for name, _ in attrs)


@every_case
def test_html_runs_one_script_and_loads_nothing(case: str) -> None:
    page = _Tags()
    page.feed(render("html", CASES[case]()))
    assert page.tags["script"] == 1
    assert not {"img", "iframe", "link", "object"} & set(page.tags)
    assert all(link.startswith(("https://", "http://")) for link in page.links)


@every_case
def test_markdown_is_short_and_inert(case: str) -> None:
    text = render("markdown", CASES[case]())
    assert len(text) < 65_536
    assert text.count("<details>") == text.count("</details>")
    assert "<script" not in text.replace("\\<script", "")
    assert "](javascript" not in text.replace("\\]\\(javascript", "")
    assert not re.search(r"(?<!\\)@everyone", text)


def test_a_template_sees_every_finding_and_no_secrets_of_python() -> None:
    text = render("template", reports.with_findings(10))
    assert text.splitlines()[0] == "CVE-2024-0001"
    assert len(text.splitlines()) == 12
