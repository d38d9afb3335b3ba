"""Old releases of real projects, mended: planned, written, installed by their own tools, rescanned.

These ask the indexes of their ecosystems, and are skipped where a tool or its index is not there.
"""

from __future__ import annotations

import difflib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec import json

from fix_samples import SAMPLES, Sample
from pratique.upgrades import level

pytestmark = pytest.mark.network


@pytest.fixture(params=SAMPLES)
def sample(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Sample:
    chosen = SAMPLES[request.param]
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GOFLAGS", "-mod=mod")
    monkeypatch.setenv("POETRY_VIRTUALENVS_IN_PROJECT", "true")
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    try:
        socket.create_connection((chosen.host, 443), timeout=5).close()
    except OSError:
        pytest.skip(f"{chosen.host} cannot be reached")
    if chosen.tool:
        folder = tmp_path_factory.mktemp("tool")
        words = [
            "npm",
            "install",
            "--prefix",
            str(folder),
            "--ignore-scripts",
            "--no-audit",
            chosen.tool,
        ]
        subprocess.run(words, check=True, capture_output=True)
        monkeypatch.setenv("PATH", f"{folder}/node_modules/.bin{os.pathsep}{os.environ['PATH']}")
    for command in (*chosen.lock, *chosen.install):
        if not command[0].startswith(".") and not shutil.which(command[0]):
            pytest.skip(f"{command[0]} is not installed")
    return chosen


def run(commands: list[list[str]], root: Path) -> None:
    for words in commands:
        done = subprocess.run(words, cwd=root, check=False, capture_output=True, text=True)
        assert done.returncode == 0, (words, done.stdout[-2000:], done.stderr[-2000:])


def pratique(root: Path, *words: str) -> Any:
    command = [sys.executable, "-m", "pratique", *words, "--skip-db-update", "-q"]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    return json.decode(done.stdout)


def findings(root: Path) -> list[dict[str, Any]]:
    report = pratique(root, "fs", ".", "-f", "json")
    return [f for result in report["Results"] for f in result.get("Vulnerabilities", ())]


def test_nearly_all_that_can_be_mended_is_gone(sample: Sample, tmp_path: Path) -> None:
    for name, text in sample.files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    run(sample.lock, tmp_path)
    written = {name: (tmp_path / name).read_text() for name in sample.files}
    before = [f for f in findings(tmp_path) if f.get("FixedVersion")]
    assert len(before) > 4, "the advisories that come along know of these"

    plan = pratique(tmp_path, "fix", "fs", ".", "--json", "--write", *sample.options)
    run(sample.install, tmp_path)

    after = [f for f in findings(tmp_path) if f.get("FixedVersion")]
    assert len(after) <= 0.05 * len(before), (plan["Remaining"], plan["Remarks"])
    assert not [f for f in plan["New"] if f["Severity"] in ("HIGH", "CRITICAL")]
    for change in plan["Changes"]:
        own = [f["FixedVersion"].split(", ") for f in before if f["PkgName"] == change["Name"]]
        smaller = [any(level(change["From"][0], v) != "major" for v in fixed) for fixed in own]
        assert change["Level"] != "major" or not all(smaller), change
    for name, text in written.items():
        assert_only_versions_differ(text, (tmp_path / name).read_text())
    again = pratique(tmp_path, "fix", "fs", ".", "--json", *sample.options)
    assert again["Files"] == []


def assert_only_versions_differ(before: str, after: str) -> None:
    """Lines may be added, and differ in their numbers; none is lost, moved or formatted anew."""
    old, new = before.splitlines(), after.splitlines()
    if "// indirect" in before:  # go lists what is needed now
        old, new = ([line for line in lines if "// indirect" not in line] for lines in (old, new))
    for kind, i, j, k, n in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        assert kind != "delete"
        if kind == "replace":
            for one, other in zip(old[i:j], new[k:n], strict=False):
                assert_same_but_numbers(one, other)


def assert_same_but_numbers(one: str, other: str) -> None:
    keep = str.maketrans("", "", "0123456789.")
    assert one.translate(keep) == other.translate(keep)
