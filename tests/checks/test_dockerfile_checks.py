"""Every check of Dockerfiles on real files: what fails, what passes, and what the fixes come to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.cli import main
from pratique.codecs.dockerfile.build import build
from pratique.codecs.dockerfile.ignore import read
from pratique.codecs.dockerfile.instructions import parse
from pratique.codecs.edits import applied
from pratique.errors import MalformedError
from pratique.inventory import Analyzers
from pratique.inventory.directory import read_directory
from pratique.misconfig import examine
from pratique.model.check import Check
from pratique.model.misconfiguration import Misconfiguration
from pratique.model.settings import Settings
from pratique.plugins import load

EXAMPLES = Path(__file__).parent / "dockerfile"
CASES = sorted(path.parent for path in EXAMPLES.glob("*/*/Dockerfile"))
CHECKS = load("pratique.checks.dockerfile", Check)
TODAY = "1795651200"
"""2026-11-26, so that releases that are maintained now stay so here."""


def judged(folder: Path) -> list[Misconfiguration]:
    analyzers = Analyzers("locked", scanners=("misconfig",))
    inventory = read_directory(str(folder), analyzers, Settings())
    examined, problems = examine(inventory, None, "", str(folder))
    assert not problems
    [one] = examined
    assert one.passed + len({f.check for f in one.failures}) == len(CHECKS)
    return list(one.failures)


@pytest.mark.parametrize("folder", CASES, ids=lambda path: "/".join(path.parts[-2:]))
def test_that_check_fails_alone_or_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TODAY)
    expected = {folder.parent.name} if folder.name.startswith("fails") else set()
    failures = judged(folder)
    assert {failure.check for failure in failures} == expected, [f.message for f in failures]
    lines = (folder / "Dockerfile").read_text().split("\n")
    for failure in failures:
        assert failure.start <= failure.end <= len(lines)
        assert not failure.start or lines[failure.start - 1].strip()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_check_is_shown_failing_and_passing(check: Check) -> None:
    names = [path.name for path in CASES if path.parent.name == check.name]
    assert any(name.startswith("fails") for name in names)
    assert any(name.startswith("passes") for name in names)


@pytest.mark.parametrize(
    "folder",
    [path for path in CASES if path.name.startswith("fails")],
    ids=lambda path: "/".join(path.parts[-2:]),
)
def test_fixes_mend(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is fixed parses, and no longer fails what had a fix."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TODAY)
    for name in os.listdir(folder):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    before = judged(tmp_path)
    fixed = _fix(tmp_path)
    after = judged(tmp_path)
    assert not [one.message for one in after if one.fix]
    assert len(after) == len([one for one in before if not one.fix])
    assert bool(fixed) == any(one.fix for one in before)


def _fix(folder: Path) -> int:
    """Apply fixes until there are none: those of one line are made one after the other."""
    path = folder / "Dockerfile"
    for count in range(10):
        edits = [one.fix for one in judged(folder) if one.fix]
        if not edits:
            return count
        path.write_text(applied(path.read_text(), edits))
    raise AssertionError("fixes do not come to an end")


WORDS = st.sampled_from([
    "FROM ", "debian", ":latest", " AS b", "\n", " ", "\\\n", "RUN ", "COPY ", "ADD ", "ENV ", "ARG ", "USER ", "WORKDIR ",
    "EXPOSE ", "CMD ", "ENTRYPOINT ", "HEALTHCHECK ", "VOLUME ", "SHELL ", "ONBUILD ", "MAINTAINER ", "LABEL ", "--from=",
    "--mount=type=secret,id=a ", "--chmod=777 ", '["a", "b"]', "[]", '""', "''", "apt-get install ", "apk add ", "pip install ",
    "npm install ", "curl ", "https://a/b.tgz", "http://a/b", " | ", "sh", " && ", "sudo ", "chmod ", "chown -R ", "777", "-",
    "/", ".", "..", "$A", "${A:-b}", "=", "<<E\n", "E\n", "(", ")", "cd ", "-k", "find -exec ", "bash -c ", "`", "\x00", "é",
    "PASSWORD", "gpg --import", "echo a:b | chpasswd", "useradd -p ", "0", "99999999999999999999", "-u a:b", "git clone ",
])  # fmt: skip


@given(st.lists(WORDS, max_size=30).map("".join))
@settings(max_examples=300, deadline=None)
def test_checks_take_whatever_parses(text: str) -> None:
    beside = frozenset({".env", "package-lock.json"})
    try:
        made = build(parse("FROM a\n" + text), read(".dockerignore", text), beside, "2026-11-26")
    except MalformedError:
        return
    for check in CHECKS:
        for failure in check.judge(made):
            assert 0 <= failure.start <= failure.end <= len(made.parsed.lines)
            assert failure.message
            assert failure.severity in ("", "LOW", "MEDIUM", "HIGH", "CRITICAL")


def test_the_documentation_lists_every_check() -> None:
    text = (Path(__file__).parents[2] / "docs" / "dockerfile.md").read_text()
    for check in CHECKS:
        aliases = ", ".join(check.aliases)
        assert f"| {check.name} | {check.severity} | {check.title} | {aliases} |" in text


def test_what_cannot_be_parsed_is_a_problem_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:13\nRUM apt-get update\n")
    (tmp_path / "Dockerfile.other").write_text("FROM debian:latest\n")
    (tmp_path / "Dockerfile.md").write_text("# How it is built\n")
    assert main(["config", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "Dockerfile: line 2: unknown instruction 'RUM'" in shown.replace("\n", " ")
    assert "debian:latest is another image" in shown


def test_one_file_alone_knows_its_dockerignore(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "app" / "Dockerfile"
    path.parent.mkdir()
    path.write_text("FROM debian:13\nCOPY . /app\n")
    assert main(["config", str(path)]) == 0
    assert "DF-0043" in capsys.readouterr().out
    (path.parent / ".dockerignore").write_text("*\n!src\n")
    assert main(["config", str(path)]) == 0
    assert "DF-0043" not in capsys.readouterr().out
