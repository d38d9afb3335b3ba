"""Every check of Compose files, held against a file where it fails and one where it does not.

A comment `# <-` marks the lines that a check must point to.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pratique.model.check import Check
from pratique.model.misconfiguration import Examined
from pratique.model.settings import Settings
from pratique.plugins import load
from pratique.scanning import scan_directory

EXAMPLES = Path(__file__).parent / "compose"
CHECKS = sorted(check.name for check in load("pratique.checks.compose", Check))


def judged(folder: Path) -> list[Examined]:
    settings = Settings(scanners=("misconfig",), no_cache=True)
    report = scan_directory(str(folder), settings, locked=True)
    assert [problem.what for problem in report.problems] == []
    return [one for one in report.examined if one.type == "compose"]


def lines_of(check: str, folder: Path) -> list[int]:
    return sorted(f.start for one in judged(folder) for f in one.failures if f.check == check)


def test_every_check_has_its_examples() -> None:
    assert sorted(path.name for path in EXAMPLES.iterdir()) == CHECKS


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_fails_on_the_marked_lines_alone(check: str) -> None:
    lines = (EXAMPLES / check / "fail/compose.yaml").read_text().splitlines()
    marked = [number for number, line in enumerate(lines, 1) if "# <-" in line]
    assert marked
    assert lines_of(check, EXAMPLES / check / "fail") == marked


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_holds(check: str) -> None:
    folder = EXAMPLES / check / "pass"
    assert judged(folder)
    assert lines_of(check, folder) == []
