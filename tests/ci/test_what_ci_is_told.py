"""Annotations, sections, summary and outputs, as each CI system reads them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

import reports
from pratique.cli import ci_output
from pratique.entries import entries
from pratique.model.baseline import Baseline
from pratique.model.origin import Origin
from pratique.model.policy import FindingGate, Policy, ReportGate
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.policy import verdict

GITHUB, AZURE = {"GITHUB_ACTIONS": "true"}, {"TF_BUILD": "True"}
# what the runner's own parser takes for a command: properties without `:` and `,`, then the text
COMMAND = re.compile(r"::(error|warning|notice) (?:file=([^:,]+),line=(\d+),)?title=([^:,]*)::(.*)")
VSO = re.compile(r"##vso\[task\.logissue type=(error|warning);"
                 r"(?:sourcepath=([^;\]]*);linenumber=(\d+);)?\](.*)")  # fmt: skip


def told(
    capsys: pytest.CaptureFixture[str], environment: dict[str, str], *given: Report
) -> list[str]:
    ci_output.say(given, Settings(), environment)
    said = capsys.readouterr()
    assert said.out == ""
    return said.err.splitlines()


def built(words: str = "a flaw", count: int = 40) -> Report:
    """Give a report on an image whose layers are two lines of a Dockerfile."""
    origins = {
        0: Origin(f"app/Dockerfile {words}", 1, 1, "FROM", ("FROM debian",)),
        1: Origin(f"app/Dockerfile {words}", 5, 5, "COPY", ("COPY . /app",)),
    }
    return replace(reports.with_findings(count, words), origins=origins)


def test_all_that_is_wrong_with_a_line_is_one_annotation(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = told(capsys, GITHUB, built())
    assert len(lines) == 2
    matches = [COMMAND.fullmatch(line) for line in lines]
    assert {m and (m[1], m[2], m[3]) for m in matches} == {
        ("error", "app/Dockerfile a flaw", "1"), ("error", "app/Dockerfile a flaw", "5"),
    }  # fmt: skip
    assert "findings of FROM%3A " in "".join(lines)
    assert all(" more" in line and line.count("%0A") == 5 for line in lines)


@pytest.mark.parametrize(("environment", "shape"), [(GITHUB, COMMAND), (AZURE, VSO)])
def test_hostile_words_stay_words(
    environment: dict[str, str], shape: re.Pattern[str], capsys: pytest.CaptureFixture[str]
) -> None:
    evil = f"{reports.HOSTILE} %0A::error::x ::set-output name=a::b ##vso[task.setvariable]y ;]"
    for line in told(capsys, environment, built(evil, 20)):
        assert shape.fullmatch(line), line
        assert line.isprintable()


def test_azure(capsys: pytest.CaptureFixture[str]) -> None:
    first, *_ = told(capsys, AZURE, built())
    match = VSO.fullmatch(first)
    assert match
    assert match[2] == "app/Dockerfile a flaw"
    assert match[4].count("%0A") == 6


def test_where_a_policy_decides_only_what_it_is_about_is_annotated(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = built()
    for action, level in (("deny", "error"), ("warn", "warning")):
        gate = FindingGate(name="exploited", exploited=True, action=action)  # type: ignore[arg-type]
        held = replace(report, verdicts=(verdict(report, Policy("own", (gate,))),))
        [line] = told(capsys, GITHUB, held)
        assert line.startswith(f"::{level} file=app/Dockerfile a flaw,line=")
        assert "title=HIGH%3A CVE-2024-0001::" in line
    passed = replace(report, verdicts=(verdict(report, Policy("own", ())),))
    assert told(capsys, GITHUB, passed) == []


def test_what_has_no_line_is_told_without(capsys: pytest.CaptureFixture[str]) -> None:
    report = reports.with_findings(40)
    gates = (
        FindingGate(name="exploited", exploited=True),
        ReportGate(name="user", user="non-root"),
    )
    held = replace(report, verdicts=(verdict(report, Policy("own", gates)),))
    first, second = told(capsys, GITHUB, held)
    assert first.startswith("::error title=shop a flaw%3A exploited::1 vulnerability")
    assert "user" in second


def test_only_what_is_new_is_annotated(capsys: pytest.CaptureFixture[str]) -> None:
    report = built()
    states = {entry.fingerprint: "unchanged" for entry in entries(report)}
    new = next(entry for entry in entries(report) if entry.severity == "MEDIUM")
    states[new.fingerprint] = "new"
    held = replace(report, baseline=Baseline("main", "", states))  # type: ignore[arg-type]
    [line] = told(capsys, GITHUB, held)
    assert line.startswith("::warning ")
    assert new.id in line


def test_no_more_than_github_shows(capsys: pytest.CaptureFixture[str]) -> None:
    report = reports.with_findings(500)
    lines = told(capsys, GITHUB, replace(report, image=None, kind="filesystem"))
    levels = [line.split(" ")[0] for line in lines]
    assert max(map(levels.count, levels)) == 10


def test_elsewhere_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, {"CI": "true"}, built()) == []
    assert told(capsys, {"GITLAB_CI": "true"}, built()) == []


def test_summary_and_outputs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    summary, output = tmp_path / "summary", tmp_path / "output"
    summary.write_text("of an earlier step\n")
    environment = GITHUB | {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(output)}
    told(capsys, environment, built(reports.HOSTILE, 5000))
    assert summary.read_text().startswith("of an earlier step\n### Pratique: ")
    assert summary.stat().st_size < 1 << 20  # GitHub's limit
    assert output.read_text().splitlines() == ["findings=5002", "verdict=none"]
    environment["GITHUB_STEP_SUMMARY"] = str(tmp_path / "none" / "x")
    assert "cannot be written" in told(capsys, environment, built())[-1]


def scanned(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k not in ("CI", "NO_COLOR")}
    command = [sys.executable, "-m", "pratique", *words, "-q"]
    done = subprocess.run(command, cwd=folder, env=clean | environment, capture_output=True,
                          check=False)  # fmt: skip
    # bytes: GitLab's sections have carriage returns, which text loses
    return subprocess.CompletedProcess(
        command, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy/Dockerfile").write_text("FROM debian:12\nRUN cd /tmp\nADD x /x\n")
    return tmp_path


@pytest.mark.parametrize("target", [".", "deploy", "./deploy/", "deploy/Dockerfile"])
def test_files_are_named_as_the_repository_has_them(target: str, project: Path) -> None:
    words = ("config", target, "--fail-on", "misconfig,low", "-o", "sarif=x.sarif")
    done = scanned(project, *words, CI="true", GITHUB_ACTIONS="true")
    annotations = [line for line in done.stderr.splitlines() if line.startswith("::")]
    assert annotations
    assert all("file=deploy/Dockerfile,line=" in line for line in annotations)
    [run] = json.loads((project / "x.sarif").read_text())["runs"]
    uris = {
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]
    }
    assert uris == {"deploy/Dockerfile"}


@pytest.mark.parametrize(("environment", "first", "last"), [
    ({"GITHUB_ACTIONS": "true"}, r"::group::.+", "::endgroup::"),
    ({"TF_BUILD": "True"}, r"##\[group\].+", r"##\[endgroup\]"),
    ({"GITLAB_CI": "true"}, "\x1b\\[0Ksection_start:\\d+:pratique_report\\[collapsed=true\\]\r\x1b\\[0K.+",
     "\x1b\\[0Ksection_end:\\d+:pratique_report\r\x1b\\[0K"),
])  # fmt: skip
def test_a_table_is_folded_and_the_verdict_is_not(
    environment: dict[str, str], first: str, last: str, project: Path
) -> None:
    done = scanned(project, "config", ".", "--fail-on", "misconfig,low", CI="true", **environment)
    lines = done.stdout.split("\n")
    assert re.fullmatch(first, lines[0])
    assert re.fullmatch(last, lines[-2])
    assert "FAILED" in done.stderr
    in_json = scanned(project, "config", ".", "-f", "json", CI="true", **environment)
    assert json.loads(in_json.stdout)
    no_colour = scanned(project, "config", ".", CI="true", NO_COLOR="1", **environment)
    assert not re.search(r"\x1b\[[\d;]*m", no_colour.stdout + no_colour.stderr)


def test_outside_of_ci_nothing_is_folded(project: Path) -> None:
    done = scanned(project, "config", ".", GITHUB_STEP_SUMMARY=str(project / "summary"))
    assert "group" not in done.stdout
    assert not (project / "summary").exists()
