"""From nothing to a gate: one command, one commit; what fails, what passes, who is blamed."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from images import DEBIAN, advisory, dpkg_status, feed_mirror
from oci_layout import Layout
from pipelines import GitHub, Outcome, Sandbox, gitlab
from registries import copy, running

CRITICAL = [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}]
RECORDS = [
    advisory("PYSEC-1", "PyPI", "flask", "2.2.5", aliases=["CVE-2023-30861"], severity=CRITICAL),
    advisory("PYSEC-2", "PyPI", "pillow", "9.3", aliases=["CVE-2022-45199"], severity=CRITICAL),
]
LATER = advisory("PYSEC-3", "PyPI", "click", "8.2", aliases=["CVE-2026-0001"], severity=CRITICAL)
DOCKERFILE = """\
FROM {base}
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
USER 1000
"""


class Project:
    """A repository of git, and the runners of its CI."""

    def __init__(self, folder: Path, base: str) -> None:
        self.folder = folder / "shop"
        self.folder.mkdir()
        self._mirror = folder / "mirror"
        self.disclose()
        self.checkout = folder / "checkout"
        self.sandbox = Sandbox(
            folder, self.checkout, PRATIQUE_FEED_MIRROR=str(self._mirror), PRATIQUE_MAX_DB_AGE="0"
        )
        self.git("init", "-q", "-b", "main")
        self.write("Dockerfile", DOCKERFILE.format(base=base))
        self.write("requirements.txt", "click==8.1.0\nflask==2.2.2\n")
        self.commit("the shop")

    def disclose(self, *more: dict[str, object]) -> None:
        """Publish advisories beside those that are there from the start."""
        feed_mirror(self._mirror, {"PyPI": [*RECORDS, *more], "Debian": []})

    def git(self, *words: str) -> str:
        who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
        done = subprocess.run(["git", "-C", self.folder, *who, *words], check=True,
                              capture_output=True, text=True)  # fmt: skip
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", message)

    def github(self, event: str) -> Outcome:
        """Run the workflow on a clean checkout of what is committed."""
        self._check_out()
        runner = GitHub(self.sandbox, event, self.git("rev-parse", "HEAD"))
        return runner.run(self.checkout / ".github/workflows/pratique.yml")

    def gitlab(self, source: str) -> Outcome:
        self._check_out()
        return gitlab(self.sandbox, self.checkout / ".gitlab-ci.yml", CI_PIPELINE_SOURCE=source,
                      CI_COMMIT_BRANCH="main" if source == "push" else "",
                      CI_DEFAULT_BRANCH="main")  # fmt: skip

    def _check_out(self) -> None:
        shutil.rmtree(self.checkout, ignore_errors=True)
        subprocess.run(["git", "clone", "-q", self.folder, self.checkout], check=True)

    def run(self, command: str) -> None:
        """Do what a user does at home."""
        subprocess.run(
            command, shell=True, cwd=self.folder, env=self.sandbox.environment, check=True
        )

    def comments(self) -> list[str]:
        path = self.sandbox.store / "comments.json"
        found: list[str] = json.loads(path.read_text()) if path.exists() else []
        return found


@pytest.fixture(params=["archive", "registry"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    """Give a project whose base image is made here, or is pulled from a real registry."""
    if request.param == "archive":
        return Project(tmp_path, "debian:12")
    if not all(map(shutil.which, ("docker-registry", "skopeo"))):
        pytest.skip("needs Debian's docker-registry and skopeo")
    layout = Layout(tmp_path / "layout")
    files = {"etc/os-release": DEBIAN, "var/lib/dpkg/status": dpkg_status([("libc6", "2.36-9")])}
    layout.tag(base=layout.image(files))
    host = request.getfixturevalue("registry_host")
    copy(layout, "base", host)
    return Project(tmp_path, f"{host}/lab/base:1")


@pytest.fixture
def registry_host(tmp_path: Path) -> object:
    (tmp_path / "registry").mkdir()
    with running(tmp_path, tmp_path / "registry") as host:
        yield host


def test_from_nothing_to_a_gate_on_github(project: Project) -> None:
    project.git("switch", "-qc", "gate")
    project.run("pratique ci init github")
    project.commit("a gate")
    assert (
        project.git("show", "--name-only", "--format=", "HEAD") == ".github/workflows/pratique.yml"
    )

    first = project.github("pull_request")
    assert first.failed == ["Scan"]
    assert "policy default: 1 of 6 gates deny" in first.log
    assert "to pass: upgrade flask 2.2.2 to 2.2.5 (removes 1)" in first.log
    [error] = first.annotations
    assert error.startswith(
        "::error file=Dockerfile,line=4,title=CRITICAL%3A CVE-2023-30861::flask"
    )
    assert first.outputs["verdict"] == "failed"
    assert int(first.outputs["findings"]) >= 1
    assert "**Policy default**: ❌ failed" in first.summary
    [comment] = project.comments()
    assert "| flask | 2.2.2 | 2.2.5 |" in comment
    [sarif] = first.sarif
    results = json.loads(sarif)["runs"][0]["results"]
    [result] = [r for r in results if r["ruleId"] == "CVE-2023-30861"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "Dockerfile"
    assert (
        first.log.index("::group::") < first.log.index("::endgroup::") < first.log.index("FAILED")
    )

    project.write("requirements.txt", "click==8.1.0\nflask==2.2.5\n")
    project.commit("flask 2.2.5")
    second = project.github("pull_request")
    assert (second.failed, second.annotations) == ([], [])
    assert second.outputs["verdict"] == "passed"
    [comment] = project.comments()  # the same, replaced
    assert "✅ passed" in comment


def test_a_pull_request_is_blamed_for_what_it_brings_alone(project: Project) -> None:
    project.write("requirements.txt", "click==8.1.0\nflask==2.2.5\n")
    project.run("pratique ci init github")
    project.commit("a gate")
    assert project.github("push").failed == []

    project.disclose(LATER)  # in a package that the main branch has
    project.git("switch", "-qc", "pictures")
    project.write("README", "pictures are coming\n")
    project.commit("words alone")
    words = project.github("pull_request")
    assert words.failed == []
    assert "0 new, 1 disclosed since" in words.log
    assert words.annotations == []

    project.write("requirements.txt", "click==8.1.0\nflask==2.2.5\npillow==9.0\n")
    project.commit("pictures")
    run = project.github("pull_request")
    assert run.failed == ["Scan"]
    [error] = run.annotations
    assert "CVE-2022-45199" in error
    assert "to pass: upgrade pillow 9.0 to 9.3 (removes 1)" in run.log
    assert "upgrade click" not in run.log
    assert "**1 new** · 1 disclosed since" in run.summary
    results = json.loads(run.sarif[0])["runs"][0]["results"]
    states = {r["ruleId"]: r["baselineState"] for r in results if r["ruleId"].startswith("CVE-")}
    assert states == {"CVE-2022-45199": "new", "CVE-2026-0001": "new"}

    project.git("switch", "-q", "main")  # there it does count
    assert project.github("push").failed == ["Scan"]


def test_the_same_on_gitlab(project: Project) -> None:
    project.run("pratique ci init gitlab")
    project.commit("a gate")
    first = project.gitlab("merge_request_event")
    assert first.failed == ["pratique"]
    assert "to pass: upgrade flask 2.2.2 to 2.2.5" in first.log
    assert "\x1b[0Ksection_start:" in first.log
    assert "::error" not in first.log
    for name in ("report.json", "gl-container-scanning-report.json", "gl-sbom-report.cdx.json"):
        assert json.loads((project.checkout / name).read_text())
    assert project.gitlab("push").failed == ["pratique"]

    project.write("requirements.txt", "click==8.1.0\nflask==2.2.2\npillow==9.0\n")
    project.commit("pictures")
    run = project.gitlab("merge_request_event")
    assert run.failed == ["pratique"]
    assert "upgrade pillow 9.0 to 9.3" in run.log
    assert "upgrade flask" not in run.log.split("FAILED")[1]
    project.write("requirements.txt", "click==8.1.0\nflask==2.2.2\npillow==9.3\n")
    project.commit("newer pictures")
    assert project.gitlab("merge_request_event").failed == []
