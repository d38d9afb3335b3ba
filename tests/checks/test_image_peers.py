"""Trivy's own checks of an image's configuration, held against ours on the same images.

Needs `trivy` on the PATH; its checks are built in, so that it asks no network.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from test_image_checks import CASES, TODAY, Case, archive, failures

from pratique.model.check import Check
from pratique.plugins import load

SHARED = {
    check.name: alias
    for check in load("pratique.checks.image", Check)
    for alias in check.aliases
    if alias.startswith("DS-")
}
WORDS = ("--image-config-scanners", "misconfig", "--scanners", "misconfig", "--skip-check-update",
         "--skip-version-check", "--quiet", "--format", "json")  # fmt: skip
DIFFERENT = {
    ("IMG-0001", True, 3): "an empty user before a group is root to the engine",
    ("IMG-0001", True, 4): "Trivy does not read /etc/passwd",
    ("IMG-0004", True, 0): "Trivy does not read EXPOSE as BuildKit writes it, nor ExposedPorts",
    ("IMG-0007", False, 1): "an image that others build on has no service to ask",
    ("IMG-0008", True, 1): "Trivy looks at names alone, not at a password in an URL",
    ("IMG-0008", False, 0): "Trivy takes PASSWORD_FILE for a password",
    ("IMG-0009", True, 0): "Trivy does not read the arguments of a RUN",
    ("IMG-0009", True, 1): "Trivy does not read the arguments of a RUN",
    ("IMG-0009", True, 3): "Trivy does not read the commands of a RUN for secrets",
    ("IMG-0026", False, 1): "yum update upgrades: it needs no install after it",
    ("IMG-0027", True, 1): "Trivy asks no checksum of what ADD fetches",
}
RUNS = [
    (check, fails, number, case)
    for check in SHARED
    for fails, cases in zip((True, False), CASES[check], strict=True)
    for number, case in enumerate(cases)
]


@pytest.mark.parametrize(("check", "fails", "number", "case"), RUNS)
def test_trivy_says_the_same_or_the_difference_is_explained(
    check: str, *, fails: bool, number: int, case: Case, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    program = shutil.which("trivy")
    if program is None:
        pytest.skip("trivy is not on the PATH")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TODAY)
    ours = check in {failure.check for failure in failures(tmp_path, archive(case))}
    command = [program, "image", "--input", str(tmp_path / "image.tar"), *WORDS]
    command += ["--cache-dir", str(tmp_path / "cache")]
    done = subprocess.run(command, check=True, capture_output=True)
    found = [
        failure["ID"]
        for result in json.loads(done.stdout).get("Results", [])
        for failure in result.get("Misconfigurations", [])
    ]
    assert ours is fails
    assert (SHARED[check] in found) is (fails is not ((check, fails, number) in DIFFERENT))
