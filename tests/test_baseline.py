"""What is new against an earlier report, and what the earlier one is not to be blamed for."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from commands import run
from pratique.baseline import held_against
from pratique.entries import entries, fingerprint
from pratique.model.finding import Finding
from pratique.model.inventory import Inventory, Package
from pratique.model.report import Base, Report
from pratique.model.secret import Secret
from pratique.model.settings import Settings
from pratique.selection import selected

SHOP = str(Path(__file__).parents[1] / "examples" / "shop.tar")


def package(name: str, version: str, layer: int = 0) -> Package:
    path = f"site-packages/{name}-{version}.dist-info/METADATA"
    return Package(path, "python-pkg", "pypi", name, version, introduced=layer, changed=layer)


def finding(of: Package, id: str, *aliases: str, published: str = "") -> Finding:
    return Finding(of, id, aliases, (), (), "PyPI", (), (), "HIGH", "", (), "affected",
                   published=published)  # fmt: skip


def report(*findings: Finding, name: str = "now", **more: object) -> Report:
    inventory = Inventory(tuple(dict.fromkeys(f.package for f in findings)))
    made = Report(name, "container_image", inventory, findings, created="2026-01-31T00:00:00Z")
    return replace(made, **more)


def test_a_fingerprint_is_the_same_after_an_upgrade_that_did_not_help() -> None:
    first, second = (finding(package("x", v), "CVE-1") for v in ("1.0", "1.1"))
    assert fingerprint(first) == fingerprint(second)
    assert fingerprint(first) != fingerprint(finding(package("y", "1.0"), "CVE-1"))


def test_states() -> None:
    old, upgraded = package("a", "1"), package("b", "1")
    before = report(finding(old, "GHSA-1", "CVE-1"), finding(upgraded, "CVE-9"), name="before")
    now = report(
        finding(old, "CVE-1"),
        finding(old, "CVE-2"),
        finding(package("b", "2"), "CVE-3"),
        finding(package("c", "1"), "CVE-4"),
    )
    baseline = held_against(now, before)
    states = {e.id: baseline.states[e.fingerprint] for e in entries(now)}
    assert states == {
        "CVE-1": "unchanged", "CVE-2": "disclosed", "CVE-3": "new", "CVE-4": "new",
    }  # fmt: skip
    assert [(e.id, e.package) for e in baseline.fixed] == [("CVE-9", "b")]


def test_only_new_suppresses_the_rest_with_the_reason() -> None:
    old = package("a", "1")
    secret = Secret("x", "r", "c", "t", "HIGH", 1, 1, "m", "mark")
    before = report(finding(old, "CVE-1"), name="before", secrets=(secret,))
    now = report(finding(old, "CVE-1"), finding(package("b", "1"), "CVE-2"), secrets=(secret,))
    now = replace(now, baseline=held_against(now, before))
    left = selected(now, Settings(only_new=True))
    assert [f.id for f in left.findings] == ["CVE-2"]
    assert [f.reason for f in left.suppressed] == ["it is in before as well"]
    assert [s.reason for s in left.secrets] == ["it is in before as well"]


def test_origin() -> None:
    now = report(finding(package("a", "1", 0), "CVE-1"), finding(package("b", "1", 1), "CVE-2"),
                 base=Base(1, "debian", "its history"))  # fmt: skip
    assert [f.id for f in selected(now, Settings(origin="app")).findings] == ["CVE-2"]
    assert [f.id for f in selected(now, Settings(origin="base")).findings] == ["CVE-1"]


def test_young_flaws_wait() -> None:
    now = report(
        finding(package("a", "1"), "CVE-1", published="2026-01-30T00:00:00Z"),
        finding(package("a", "1"), "CVE-2", published="2025-01-30T00:00:00Z"),
        finding(package("a", "1"), "CVE-3"),
    )
    left = selected(now, Settings(min_age=7))
    assert [f.id for f in left.findings] == ["CVE-2", "CVE-3"]
    assert "published 1 days ago" in left.suppressed[0].reason


def test_an_image_against_its_own_report(tmp_path: Path) -> None:
    saved = tmp_path / "before.json"
    run("image", "--input", SHOP, "--offline", "-q", "-f", "json", "-o", str(saved))
    said = run("image", "--input", SHOP, "--offline", "-q", "--baseline", str(saved)).stdout
    assert "0 new, 0 disclosed since, 420 unchanged, 0 fixed" in said
    command = ("image", "--input", SHOP, "--offline", "-q", "--baseline", str(saved),
               "--only-new", "--exit-code", "7")  # fmt: skip
    assert run(*command).returncode == 0
    against_itself = run("image", "--input", SHOP, "--offline", "-q", "--baseline", SHOP).stdout
    assert "420 unchanged" in against_itself


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project" / "inner"
    folder.mkdir(parents=True)
    (folder / "requirements.txt").write_text("jinja2==2.0\n")
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b.c",
                                                 "commit", "-qm", "x"]):  # fmt: skip
        subprocess.run(["git", "-C", folder.parent, *words], check=True)
    return folder


def test_a_project_against_a_commit(project: Path) -> None:
    (project / "requirements.txt").write_text("jinja2==2.0\nrequests==2.0.0\n")
    text = run("fs", str(project), "--offline", "-q", "-f", "json", "--baseline", "HEAD").stdout
    document = json.loads(text)
    states = {
        (v["PkgName"], v["Pratique"]["State"])
        for r in document["Results"] for v in r["Vulnerabilities"]
    }  # fmt: skip
    assert states == {("jinja2", "unchanged"), ("requests", "new")}


@pytest.mark.parametrize("name", ["nonsense", "-x", "HEAD~5"])
def test_what_is_no_baseline_is_one_line(project: Path, name: str) -> None:
    done = run("fs", str(project), "--offline", "-q", f"--baseline={name}", check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("pratique: --baseline")
    assert "Traceback" not in done.stderr
