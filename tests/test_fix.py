"""`pratique fix fs`, end to end: plan, patch, write, branch; nothing changes where that fails."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from msgspec import json

from commands import run

REQUIREMENTS = """\
# the web\r
Flask==2.0.1\r
Jinja2==3.0.1  # templates\r
requests[socks]==2.25.1 ; python_version > "3"\r
colorama==0.4.6\r
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "app"
    (root / "node_modules").mkdir(parents=True)
    (root / "requirements.txt").write_bytes(REQUIREMENTS.encode())
    return root


def fix(root: Path, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return run("fix", "fs", str(root), "--offline", "-q", *words, check=check)


def plan(root: Path, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.decode(fix(root, "--json", *words).stdout)
    return found


def git(root: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *words],
        cwd=root, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


def test_a_plan_tells_what_and_why_and_changes_nothing(project: Path) -> None:
    found = plan(project)
    assert {one["Name"] for one in found["Changes"]} == {"Flask", "Jinja2", "requests"}
    assert all(not one["Checked"] for one in found["Changes"])
    assert sum(found["After"].values()) <= 0.05 * sum(found["Before"].values())
    assert found["New"] == []
    text = fix(project).stdout
    assert text.splitlines()[0] == found["Summary"]
    assert "not checked" in text
    assert (project / "requirements.txt").read_bytes() == REQUIREMENTS.encode()


def test_write_changes_versions_alone_and_once(project: Path) -> None:
    fix(project, "--write")
    before = REQUIREMENTS.encode().split(b"\n")
    after = (project / "requirements.txt").read_bytes().split(b"\n")
    assert len(before) == len(after)
    changed = [n for n, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    assert changed == [1, 2, 3]
    assert after[2].endswith(b"  # templates\r")
    again = (project / "requirements.txt").read_bytes()
    assert plan(project)["Changes"] == []
    fix(project, "--write")
    assert (project / "requirements.txt").read_bytes() == again


def test_a_patch_is_what_git_applies(project: Path, tmp_path: Path) -> None:
    fix(project, "--patch", str(tmp_path / "a.patch"))
    git(project, "init", "-q")
    git(project, "apply", str(tmp_path / "a.patch"))
    by_patch = (project / "requirements.txt").read_bytes()
    (project / "requirements.txt").write_bytes(REQUIREMENTS.encode())
    assert fix(project, "--diff", "--write").stdout
    assert (project / "requirements.txt").read_bytes() == by_patch


def test_no_further_than_asked(project: Path) -> None:
    found = plan(project, "--up-to", "minor")
    assert all(one["Level"] in ("patch", "minor") for one in found["Changes"])
    assert found["Changes"]


def test_a_failing_test_puts_all_back(project: Path) -> None:
    done = fix(project, "--write", "--test", "exit 3", check=False)
    assert done.returncode == 1
    assert "the test failed (status 3): all was put back" in done.stderr
    assert (project / "requirements.txt").read_bytes() == REQUIREMENTS.encode()
    assert fix(project, "--write", "--test", "grep -q Flask requirements.txt").returncode == 0


def test_the_change_that_a_test_fails_with_is_named_and_can_be_left_out(project: Path) -> None:
    test = "grep -q requests.socks.==2.25.1 requirements.txt"
    done = fix(project, "--write", "--test", test, check=False)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("pratique: the test passes without requests 2.25.1 -> ")
    assert last.endswith(": --without requests makes the other 2 changes")
    assert (project / "requirements.txt").read_bytes() == REQUIREMENTS.encode()
    fix(project, "--write", "--test", test, "--without", "requests")
    text = (project / "requirements.txt").read_text()
    assert "requests[socks]==2.25.1 ;" in text
    assert "Flask==2.0.1" not in text
    left = plan(project, "--without", "requests")["Remaining"]
    assert {one["Why"] for one in left} == {"is left out"}


def test_a_test_that_fails_anyway_is_told(project: Path) -> None:
    done = fix(project, "--write", "--test", "false", check=False)
    assert done.stderr.splitlines()[-1] == "pratique: the test fails without any change, too"
    assert (project / "requirements.txt").read_bytes() == REQUIREMENTS.encode()


def test_no_change_is_blamed_for_what_a_habit_breaks(project: Path) -> None:
    """What is tried one by one are the changes alone."""
    (project / "Dockerfile").write_text('FROM python:3.12\nCMD ["python", "-m", "x"]\n')
    test = "! grep -q USER Dockerfile"
    done = fix(project, "--write", "--habits", "--test", test, check=False)
    assert done.returncode == 1
    assert "passes without" not in done.stderr
    assert done.stderr.splitlines()[-1].endswith("better habits are part of it: try it without "
                                                 "--habits")  # fmt: skip


def test_a_branch_has_one_commit_that_says_why(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "x")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "x@example.org")
    git(project, "init", "-q", "-b", "main")
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "first")
    fix(project, "--branch", "mend", "--test", "exit 1", check=False)
    assert git(project, "branch", "--format=%(refname:short)").split() == ["main"]
    assert git(project, "status", "--porcelain") == ""
    fix(project, "--branch", "mend")
    assert git(project, "log", "--format=%s", "main..mend").startswith("Update 3 dependencies")
    assert "CVE-" in git(project, "log", "-1", "--format=%b", "mend")
    (project / "requirements.txt").write_text("x==1\nFlask==2.0.1\n")
    done = fix(project, "--branch", "more", check=False)
    assert done.returncode == 2
    assert "not committed" in done.stderr


def test_links_out_of_the_project_are_not_followed(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "requirements.txt"
    outside.write_text("Flask==2.0.1\n")
    (project / "more").mkdir()
    (project / "more" / "requirements.txt").symlink_to(outside)
    (project / "requirements.txt").write_text("-r ../requirements.txt\nJinja2==3.0.1\n")
    fix(project, "--write")
    assert outside.read_text() == "Flask==2.0.1\n"


def test_nonsense_is_refused(tmp_path: Path) -> None:
    done = fix(tmp_path / "missing", check=False)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_what_is_written_is_scanned_again(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pratique.cli import main  # noqa: PLC0415 - the other tests run the program
    from pratique.workspace import replace_files  # noqa: PLC0415

    words = ["fix", "fs", str(project), "--offline", "--write", "--no-progress"]
    before = (project / "requirements.txt").read_bytes()

    def worse(root: str, altered: Any) -> None:
        replace_files(root, altered)
        (Path(root) / "requirements-dev.txt").write_text("Django==3.2.1\n")

    monkeypatch.setattr("pratique.cli.fix.replace_files", worse)
    assert main(words) == 1
    assert "that the plan does not: all was put back" in capsys.readouterr().err
    assert (project / "requirements.txt").read_bytes() == before
    (project / "requirements-dev.txt").unlink()
    monkeypatch.undo()
    assert main(words) in (0, 5)
    assert "written, and scanned again: " in capsys.readouterr().err
