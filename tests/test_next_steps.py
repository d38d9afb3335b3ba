"""What a report says to type next: it is for what was scanned, and the command line takes it."""

from __future__ import annotations

import json
import shlex

import pytest
from msgspec.structs import replace

from pratique.cli.parser import parse
from pratique.formats.json import render
from pratique.formats.markdown import render as markdown
from pratique.model.finding import Finding
from pratique.model.format import Look
from pratique.model.remedy import Remedy
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.next_steps import _MANIFESTS, ways
from pratique.plugins import load
from reports import HOSTILE, with_findings


def holding(analyzer: str, type: str, name: str = "shop", kind: str = "container_image") -> Report:
    report = with_findings(5)
    found = tuple(_of(finding, analyzer, type) for finding in report.findings)
    return replace(report, name=name, kind=kind, findings=found,
                   image=report.image if kind == "container_image" else None)  # fmt: skip


def _of(finding: Finding, analyzer: str, type: str) -> Finding:
    return replace(finding, fixed=("2",),
                   package=replace(finding.package, analyzer=analyzer, type=type))  # fmt: skip


def commands(report: Report, settings: Settings | None = None) -> list[str]:
    found = [way.command for way in ways(report, settings or Settings())]
    for command in found:
        program, *words = shlex.split(command)
        assert program == "pratique"
        parse(words)
    return found


def test_what_fix_changes_is_known() -> None:
    assert {
        name for part in load("pratique.remedy", Remedy) for name in part.analyzers
    } == _MANIFESTS


def test_an_image_is_built_anew_or_patched() -> None:
    assert commands(holding("dpkg", "deb")) == [
        "pratique fix image shop --dockerfile Dockerfile", "pratique patch shop -t NEW",
    ]  # fmt: skip
    assert commands(holding("npm", "npm")) == ["pratique fix image shop --dockerfile Dockerfile"]
    assert commands(holding("jar", "maven"))[1:] == ["pratique patch shop -t NEW --app"]


def test_words_of_the_scan_are_kept() -> None:
    given = Settings(input="my app.tar", dockerfile="docker/app.Dockerfile")
    assert commands(holding("dpkg", "deb"), given) == [
        "pratique fix image --input 'my app.tar' --dockerfile docker/app.Dockerfile",
        "pratique patch --input 'my app.tar' -t NEW",
    ]


def test_a_project_is_fixed_where_its_manifests_are() -> None:
    assert commands(holding("npm", "npm", ".", "filesystem")) == ["pratique fix fs ."]
    assert commands(holding("npm", "npm", "-x", "filesystem")) == ["pratique fix fs ./-x"]
    # what is installed has no manifest that could be changed
    assert commands(holding("wheel", "pypi", ".", "filesystem")) == []


def test_without_a_fix_there_is_nothing_to_type() -> None:
    report = holding("dpkg", "deb")
    without = replace(report, findings=tuple(replace(f, fixed=()) for f in report.findings))
    assert commands(without) == []


@pytest.mark.parametrize("name", ["$(id)", "`id`", "a;b", HOSTILE])
def test_a_name_is_one_word_of_a_shell(name: str) -> None:
    [command, _] = [way.command for way in ways(holding("dpkg", "deb", name), Settings())]
    assert name in shlex.split(command)
    assert "\x1b" not in markdown([holding("dpkg", "deb", name)], Settings(), Look())


def test_json_has_the_changes() -> None:
    document = json.loads(render([holding("dpkg", "deb")], Settings(), Look()))
    [own] = document["Pratique"]["Reports"]
    [change] = own["Changes"]
    assert change["Level"] == "system"
    assert change["Packages"]
    assert sum(change["Severities"].values()) > 1
