"""What others include of this repository: the action, the component, the hooks, the image."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from test_pipelines import judge, tool

from commands import run
from images import DEBIAN, advisory, docker_archive, dpkg_status, feed_mirror, layer_tar
from pratique import __version__

ROOT = Path(__file__).parents[2]
CRITICAL = [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}]


def action() -> Any:
    return yaml.safe_load((ROOT / "action.yml").read_text())


def test_the_action_follows_its_schema_and_its_shell_is_sound() -> None:
    judge(
        tool("check-jsonschema"), "--builtin-schema", "vendor.github-actions", ROOT / "action.yml"
    )
    script = action()["runs"]["steps"][-1]["run"]
    assert "${{" not in script  # a value could be a command
    judge(tool("shellcheck"), "-s", "bash", "-e", "SC2148", "-", text=script)


def test_our_own_workflows_pass_actionlint() -> None:
    workflows = sorted((ROOT / ".github/workflows").glob("*.yml"))
    judge(tool("actionlint"), "-shellcheck", tool("shellcheck"), *workflows)


def test_the_action_is_pinned_and_needs_no_secret() -> None:
    text = (ROOT / "action.yml").read_text()
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one) for one in used)
    assert "secrets." not in text
    assert "token" not in text


@pytest.fixture
def scanned(tmp_path: Path) -> Path:
    """Give a folder with a project, an archive, advisories, and Pratique where the action puts it."""
    (tmp_path / "pratique/bin").mkdir(parents=True)
    program = tmp_path / "pratique/bin/pratique"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pratique "$@"\n')
    program.chmod(0o755)
    feed_mirror(tmp_path / "mirror", {"PyPI": [
        advisory("PYSEC-1", "PyPI", "flask", "2.2.5", aliases=["CVE-1"], severity=CRITICAL)
    ], "Debian": []})  # fmt: skip
    files = {"etc/os-release": DEBIAN, "var/lib/dpkg/status": dpkg_status([("libc6", "2")])}
    installed: dict[str, bytes | None] = {
        "usr/lib/python3/site-packages/flask-2.2.2.dist-info/METADATA": b"Name: flask\nVersion: 2.2.2\n"
    }
    made = docker_archive([layer_tar(files), layer_tar(installed)],
                          history=["ADD base /", "COPY lib /usr/lib # buildkit"])  # fmt: skip
    (tmp_path / "image $(id).tar").write_bytes(made)
    (tmp_path / "Dockerfile").write_text("FROM debian:12\nCOPY lib /usr/lib\n")
    (tmp_path / "src").mkdir()
    (tmp_path / "src/requirements.txt").write_text("flask==2.2.2\n")
    return tmp_path


def acted(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the last step of the action, with inputs and otherwise its defaults."""
    described = action()
    values = {name: str(one["default"]) for name, one in described["inputs"].items()} | inputs
    step = described["runs"]["steps"][-1]
    known = {"steps.python.outputs.python-path": "/nonexistent", "runner.temp": str(folder),
             "github.action_path": str(ROOT)}  # fmt: skip
    known |= {f"inputs.{name}": value for name, value in values.items()}
    given = {
        key: re.sub(r"\$\{\{ (.*?) \}\}", lambda m: known[m[1]], value)
        for key, value in step["env"].items()
    }
    environment = {"PATH": os.environ["PATH"], "CI": "true", "GITHUB_ACTIONS": "true",
                   "GITHUB_OUTPUT": str(folder / "output"), "HOME": str(folder),
                   "PRATIQUE_FEED_MIRROR": str(folder / "mirror")}  # fmt: skip
    return subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                          cwd=folder, env=environment | given, text=True, check=False,
                          capture_output=True)  # fmt: skip


def test_the_action_scans_an_archive_and_fails_by_the_policy(scanned: Path) -> None:
    done = acted(scanned, input="image $(id).tar", dockerfile="Dockerfile", comment="comment.md",
                 report="report.json")  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "::error file=Dockerfile,line=2,title=CRITICAL%3A CVE-1::" in done.stderr
    assert "verdict=failed" in (scanned / "output").read_text()
    assert json.loads((scanned / "pratique.sarif").read_text())["runs"]
    assert (scanned / "comment.md").read_text().startswith("### Pratique: ")
    again = acted(scanned, input="image $(id).tar", dockerfile="Dockerfile", baseline="report.json")
    assert again.returncode == 0, again.stderr


def test_the_action_scans_a_folder(scanned: Path) -> None:
    done = acted(scanned, path="src", sarif="", scanners="vuln")
    assert done.returncode == 1, done.stderr
    assert "::error file=src/requirements.txt,line=1," in done.stderr
    assert not (scanned / "pratique.sarif").exists()


@pytest.mark.parametrize("inputs", [{}, {"path": "src", "image": "x"}])
def test_the_action_wants_one_thing_to_scan(inputs: dict[str, str], scanned: Path) -> None:
    done = acted(scanned, **inputs)
    assert done.returncode == 2
    assert "give one of image, input and path" in done.stdout


@pytest.mark.parametrize("value", ["--version", "-h", "$(touch pwned)", "x; touch pwned"])
def test_an_image_of_the_action_is_a_name_and_nothing_else(value: str, scanned: Path) -> None:
    done = acted(scanned, image=value, scanners="vuln")
    assert done.returncode not in (0, 1)
    assert not (scanned / "pwned").exists()


def component(**inputs: str) -> dict[str, Any]:
    """Give the jobs of the component with inputs and otherwise its defaults."""
    header, _, body = (ROOT / "templates/pratique.yml").read_text().partition("\n---\n")
    values = {k: v["default"] for k, v in yaml.safe_load(header)["spec"]["inputs"].items()} | inputs
    text = re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda m: str(values[m[1]]), body)
    jobs: dict[str, Any] = yaml.safe_load(text)
    return jobs


def test_the_component_follows_the_schema_of_gitlab(tmp_path: Path) -> None:
    path = tmp_path / ".gitlab-ci.yml"
    path.write_text(yaml.safe_dump(component(image="app:1")))
    judge(tool("check-jsonschema"), "--regex-variant", "nonunicode",
          "--builtin-schema", "vendor.gitlab-ci", path)  # fmt: skip
    [job] = component().values()
    judge(tool("shellcheck"), "-s", "bash", "-e", "SC2148", "-", text="\n".join(job["script"]))
    assert "@sha256:" in job["image"]
    assert job["variables"]["VERSION"] == __version__


@pytest.mark.parametrize(
    "inputs", [{"input": "image $(id).tar", "dockerfile": "Dockerfile"}, {"path": "src"}]
)
def test_the_component_scans(inputs: dict[str, str], scanned: Path) -> None:
    [job] = component(**inputs).values()
    (scanned / "python").write_text("#!/bin/sh\n")  # pip has installed it
    (scanned / "python").chmod(0o755)
    path = f"{scanned}:{scanned}/pratique/bin:{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(scanned), "CI": "true", "GITLAB_CI": "true",
                   "PRATIQUE_FEED_MIRROR": str(scanned / "mirror")} | job["variables"]  # fmt: skip
    environment["PRATIQUE_CACHE_DIR"] = str(scanned / "cache")
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", "\n".join(job["script"])], cwd=scanned,
                          env=environment, text=True, check=False, capture_output=True)  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "to pass: upgrade flask 2.2.2 to 2.2.5" in done.stderr
    for name in job["artifacts"]["reports"].values():
        assert (scanned / name).exists()
    [flaw] = json.loads((scanned / "gl-dependency-scanning-report.json").read_text())[
        "vulnerabilities"
    ]
    assert flaw["location"]["dependency"]["package"]["name"] == "flask"


def test_the_hooks() -> None:
    judge(tool("pre-commit"), "validate-manifest", ROOT / ".pre-commit-hooks.yaml")
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()):
        words = hook["entry"].split()
        assert words[0] == "pratique"
        assert run(*words[1:], "--help").returncode == 0


@pytest.mark.parametrize("number", [0, 1])
def test_a_hook_fails_on_what_is_wrong_and_passes_what_is_right(
    number: int, tmp_path: Path
) -> None:
    hook = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())[number]
    command = [sys.executable, "-m", "pratique", *hook["entry"].split()[1:]]
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text("FROM debian:12\nUSER 1000\n")
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    dockerfile.write_text("FROM debian:12\nRUN curl -k https://example.com/x | sh\nUSER root\n")
    (tmp_path / "app.env").write_text(
        "TOKEN=" + "ghp_" + "x7Kq9ZtR2mWc4VbN8sLd" + "3FgH6jPa1YeUoTiX\n"
    )
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 1


def test_our_image_passes_all_of_our_own_checks(tmp_path: Path) -> None:
    for name in ("Dockerfile", ".dockerignore", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    document = json.loads(run("config", str(tmp_path), "-f", "json", "-q").stdout)
    [result] = [r for r in document["Results"] if r["Target"] == "Dockerfile"]
    assert result["MisconfSummary"]["Successes"] > 20
    assert result.get("Misconfigurations", []) == []
    text = (ROOT / "Dockerfile").read_text()
    bases = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert len(bases) == 2
    assert all(re.search(r"@sha256:[0-9a-f]{64}$", base) for base in bases)
    assert re.search(r"^USER 65532", text, re.MULTILINE)
