"""The scheduled jobs of `ci init --fix`, judged by linters and run against a forge that is strict."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from test_pipelines import judge, scripts, tool

from forges import TOKEN, Hosted
from images import advisory, feed_mirror
from loopback import serve
from pipelines import GitHub, Sandbox
from pratique.cli import main
from pratique.model.ci_system import Fixes, System
from pratique.plugins import load

FIXES = {system.name: system.fixes for system in load("pratique.ci", System) if system.fixes}
SCHEMAS = {"github": "github-workflows", "gitlab": "gitlab-ci"}
every_system = pytest.mark.parametrize("name", FIXES)
every_group = pytest.mark.parametrize("group", ["all", "package", "severity", "path"])


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "shop"
    (root / "app").mkdir(parents=True)
    (root / "app/requirements.txt").write_text("flask==2.0.1\nrequests==2.25.1\n")
    monkeypatch.chdir(root)
    return root


def written(name: str, *options: str) -> Path:
    assert main(["ci", "init", name, "--fix", *options]) == 0
    found: Fixes = FIXES[name]
    return Path(found.path)


@every_system
@every_group
def test_a_job_follows_the_schema_of_its_system(name: str, group: str, project: Path) -> None:
    judge(tool("check-jsonschema"), "--builtin-schema", f"vendor.{SCHEMAS[name]}",
          written(name, "--group", group, "--context", "app"))  # fmt: skip


@every_group
def test_the_workflow_passes_actionlint(group: str, project: Path) -> None:
    judge(
        tool("actionlint"), "-shellcheck", tool("shellcheck"), written("github", "--group", group)
    )


@every_system
def test_its_shell_is_sound(name: str, project: Path) -> None:
    for script in scripts(name, written(name)):
        judge("bash", "-n", text=script)


def test_the_workflow_may_do_no_more_than_it_must(project: Path) -> None:
    document = yaml.safe_load(written("github").read_text())
    [job] = document["jobs"].values()
    assert document["permissions"] == {}
    assert job["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert job["steps"][0]["with"] == {"persist-credentials": False}
    assert [bool(step.get("env")) for step in job["steps"]] == [False, False, False, False, True]
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one) for one in used)
    # YAML 1.1 reads the key `on` as true
    assert set(document[True]) == {"schedule", "workflow_dispatch"}


def test_it_opens_requests(project: Path, tmp_path: Path) -> None:
    workflow = written("github", "--context", "app").resolve()
    repository(project, tmp_path / "team/shop.git")
    feed_mirror(tmp_path / "mirror", {
        "PyPI": [advisory("CVE-2024-1", "PyPI", "flask", "2.0.3"),
                 advisory("CVE-2024-2", "PyPI", "requests", "2.25.2")],
    })  # fmt: skip
    hosted = Hosted("team/shop")
    with serve(hosted.answer) as stub:
        sandbox = Sandbox(tmp_path, project, GITHUB_API_URL=stub.url,
                          PRATIQUE_FEED_MIRROR=str(tmp_path / "mirror"),
                          PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="0",
                          UV_DEFAULT_INDEX="http://127.0.0.1:9/simple",
                          UV_HTTP_RETRIES="0")  # fmt: skip
        runner = GitHub(sandbox, "schedule", "0" * 40, token=TOKEN)
        first = runner.run(workflow)
        again = runner.run(workflow)
    assert first.failed == again.failed == [], first.log
    assert first.log.count(": opened") == 2
    assert again.log.count(": is as it should be") == 2
    assert [one["head"]["ref"] for one in hosted.requests] == [
        "pratique/app/fix-flask", "pratique/app/fix-requests",
    ]  # fmt: skip
    assert TOKEN not in first.log


def repository(root: Path, remote: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)
    identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "first"],
                  ["remote", "add", "origin", str(remote)], ["push", "-q", "origin", "main"]):  # fmt: skip
        subprocess.run(["git", "-C", str(root), *identity, *words], check=True)


def test_other_systems_are_told_how(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ci", "init", "jenkins", "--fix"]) == 2
    assert "--fix is for github and gitlab" in capsys.readouterr().err
    assert main(["ci", "init", "github", "--fix", "--context", "a; id"]) == 2
    assert not Path(FIXES["github"].path).exists()
    written("gitlab")
    assert "GITLAB_TOKEN" in capsys.readouterr().out
    assert main(["ci", "init", "gitlab", "--fix"]) == 2
