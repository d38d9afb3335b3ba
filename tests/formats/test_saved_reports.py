"""A report that was saved is the same report again, in JSON and in every other format."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import reports
from commands import run
from pratique.errors import MalformedError, NotFound
from pratique.formats.json import render
from pratique.model.format import Look
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.saved import read_report

SHOP = str(Path(__file__).parents[2] / "examples" / "shop.tar")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "report.json"
    run("image", "--input", SHOP, "--offline", "-q", "--show-suppressed",
        "--scanners", "vuln,misconfig", "-o", f"json={path}", "-o", f"table={path}.txt")  # fmt: skip
    return path


def test_json_is_the_same_again(saved: Path) -> None:
    again = run("convert", str(saved), "-f", "json", "--show-suppressed")
    assert again.stdout == saved.read_text()


def test_a_table_is_the_same_again(saved: Path) -> None:
    again = run("convert", str(saved), "--show-suppressed").stdout.splitlines()
    first = Path(f"{saved}.txt").read_text().splitlines()
    assert again[:20] == first[:20]
    assert len(again) == len(first)  # a path inside of an archive is written as one path


def test_severity_is_chosen_again(saved: Path) -> None:
    document = json.loads(run("convert", str(saved), "-f", "json", "-s", "CRITICAL").stdout)
    severities = {v["Severity"] for r in document["Results"] for v in r.get("Vulnerabilities", ())}
    assert severities == {"CRITICAL"}


def test_an_exit_status_is_that_of_the_scan(saved: Path) -> None:
    assert run("convert", str(saved), "--exit-code", "7", check=False).returncode == 7


def test_a_report_of_trivys(tmp_path: Path) -> None:
    path = tmp_path / "trivy.json"
    path.write_text(json.dumps({
        "SchemaVersion": 2, "ArtifactName": "x", "ArtifactType": "container_image",
        "Metadata": {"OS": {"Family": "redhat", "Name": "9.1"}, "DiffIDs": ["sha256:" + "a" * 64]},
        "Results": [
            {"Target": "x (redhat 9.1)", "Class": "os-pkgs", "Type": "redhat", "Vulnerabilities": [
                {"VulnerabilityID": "CVE-2020-1", "PkgName": "bash", "InstalledVersion": "1-2",
                 "FixedVersion": "1-3, 1-4", "Severity": "HIGH", "Status": "fixed",
                 "PkgIdentifier": {"PURL": "pkg:rpm/redhat/bash@1-2"},
                 "Layer": {"DiffID": "sha256:" + "a" * 64}}]},
            {"Target": "/app/.env", "Class": "secret", "Secrets": [
                {"RuleID": "github-pat", "Category": "GitHub", "Severity": "CRITICAL",
                 "Title": "GitHub", "StartLine": 2, "EndLine": 2, "Match": "a=****"}]},
            {"Target": "Dockerfile", "Class": "config", "Type": "dockerfile",
             "MisconfSummary": {"Successes": 3, "Failures": 1}, "Misconfigurations": [
                {"Type": "Dockerfile", "ID": "DS-0002", "Title": "root", "Description": "d",
                 "Message": "m", "Resolution": "r", "Severity": "HIGH", "Status": "FAIL",
                 "CauseMetadata": {"StartLine": 1, "EndLine": 1}}]},
            {"Target": "OS Packages", "Class": "license", "Licenses": [
                {"Severity": "LOW", "Category": "notice", "PkgName": "bash", "Name": "MIT"}]},
        ]}))  # fmt: skip
    [report] = read_report(str(path))
    assert report.inventory.distro
    assert report.inventory.distro.id == "rhel"
    [finding] = report.findings
    assert (finding.package.type, finding.package.changed, finding.fixed) == (
        "rpm", 0, ("1-3", "1-4"))  # fmt: skip
    assert [s.rule for s in report.secrets] == ["github-pat"]
    assert [f.check for e in report.examined for f in e.failures] == ["DS-0002"]
    assert [x.name for x in report.licenses] == ["MIT"]


@pytest.mark.parametrize("report", [
    reports.empty(), reports.unknown_distribution(), reports.with_findings(50),
    reports.with_findings(20, reports.HOSTILE),
], ids=["empty", "unknown", "many", "hostile"])  # fmt: skip
def test_whatever_is_in_a_report_is_read_again(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    chosen = Settings(scanners=reports.SCANNERS, show_suppressed=True)
    path.write_text(render([report], chosen, Look()))
    [again] = read_report(str(path))
    assert sorted(f.id for f in again.findings) == sorted(f.id for f in report.findings)
    assert [x.name for x in again.licenses] == [x.name for x in report.licenses]
    assert [s.path for s in again.secrets] == [s.path for s in report.secrets]
    assert [m.path for e in again.examined for m in e.failures] == [
        e.path for e in report.examined for _ in e.failures
    ]


@pytest.mark.parametrize("text", [
    "", "[]", "{}", '{"SchemaVersion": 1}', '{"SchemaVersion": 2, "Results": 3}',
    '{"SchemaVersion": 2, "Results": [{"Class": "os-pkgs", "Vulnerabilities": [{}]}]}',
    '{"SchemaVersion": 2, "Pratique": {"Reports": [3]}}', "[" * 100_000,
])  # fmt: skip
def test_what_is_no_report(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(MalformedError):
        read_report(str(path))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_report(str(tmp_path / "none"))
