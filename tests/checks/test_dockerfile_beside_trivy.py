"""The same files judged by Trivy: its own ids agree, but for what is listed here with its reason."""

from __future__ import annotations

import json
import os
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from pratique.cli import main

TRIVY = os.environ.get("PRATIQUE_TRIVY", "")
EXAMPLES = Path(__file__).parent / "dockerfile"
TODAY = "1795651200"

pytestmark = pytest.mark.skipif(not TRIVY, reason="PRATIQUE_TRIVY names no Trivy 0.76")

THEIRS_ALONE = {
    "DS-0002": (
        "the base sets a user, the entry point drops its rights, or nothing runs at all",
        {"DF-0002/passes", "DF-0002/passes-dropped", "DF-0002/passes-files-only",
         "DF-0002/passes-unprivileged-base", "DF-0028/fails", "DF-0028/fails-cargo",
         "DF-0028/passes", "DF-0045/passes"},
    ),
    "DS-0005": ("the source is a URL, by a variable", {"DF-0008/fails-http"}),
    "DS-0009": ("Windows", {"DF-0049/passes-windows"}),
    "DS-0011": ("the folder is a variable that ends in /, or .", {"DF-0057/passes-variable"}),
    "DS-0013": ("what follows cd in the same RUN needs it", {"DF-0050/passes-used"}),
    "DS-0017": (
        "an upgrade follows in the same RUN, or a script that may install",
        {"DF-0013/fails", "DF-0014/passes-script"},
    ),
    "DS-0019": ("microdnf is DS-0027, not dnf", {"DF-0021/fails"}),
    "DS-0021": ("-qq means -y, and so does apt.conf", {"DF-0015/passes-configured", "DF-0015/passes-quiet"}),
    "DS-0025": ("the cache is removed, or a mount", {"DF-0018/passes-mounted", "DF-0018/passes-removed"}),
    "DS-0026": ("nothing runs", {"DF-0002/passes-files-only", "DF-0042/passes-base-image"}),
    "DS-0029": ("the stage is not part of the image", {"DF-0016/passes-build-stage"}),
    "DS-0031": (
        "the value is empty or no, the name is that of a path, or no secret's at all",
        {"DF-0009/passes", "DF-0009/passes-empty", "DF-0012/passes"},
    ),
}  # fmt: skip
OURS_ALONE = {
    "DS-0002": ("a build argument that the stage does not ask for is empty", {"DF-0001/fails-undeclared"}),
    "DS-0001": ("an image of COPY --from counts as well", {"DF-0003/fails-copied-from"}),
    "DS-0008": ("a word is no port", {"DF-0055/fails-text"}),
    "DS-0010": ("sudo inside of if", {"DF-0037/fails-nested"}),
    "DS-0024": ("deprecated, and not run", {"DF-0013/fails"}),
    "DS-0030": ("Trivy 0.76 has it, and none of these folders make it fail", {"DF-0051/fails"}),
    "DS-0031": (
        "a password in a URL or a RUN; files called like secrets",
        {"DF-0009/fails-url", "DF-0010/fails", "DF-0010/fails-heredoc", "DF-0010/fails-option",
         "DF-0010/fails-url", "DF-0010/fails-url-variable", "DF-0011/fails", "DF-0011/fails-key",
         "DF-0011/fails-npmrc"},
    ),
}  # fmt: skip


def trivys(report: dict[str, object], *, ours: bool) -> dict[str, set[str]]:
    """Return the files that each of Trivy's checks fails on."""
    found: dict[str, set[str]] = defaultdict(set)
    for result in report["Results"]:  # type: ignore[attr-defined]
        for one in result.get("Misconfigurations", ()):
            ids = one["Pratique"].get("Aliases", ()) if ours else (one["ID"],)
            for id in ids:
                if id.startswith("DS-"):
                    found[id].add(result["Target"].removesuffix("/Dockerfile"))
    return found


def test_agrees_with_trivy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TODAY)
    out = tmp_path / "ours.json"
    assert main(["config", "-f", "json", "-o", str(out), str(EXAMPLES)]) == 0
    done = subprocess.run(
        [TRIVY, "config", "-f", "json", "-q", "--skip-check-update", "--cache-dir", str(tmp_path), str(EXAMPLES)],
        capture_output=True, check=True, timeout=300,
    )  # fmt: skip
    ours = trivys(json.loads(out.read_text()), ours=True)
    theirs = trivys(json.loads(done.stdout), ours=False)
    for id in sorted({*ours, *theirs}):
        assert theirs[id] - ours[id] == THEIRS_ALONE.get(id, ("", set()))[1], id
        assert ours[id] - theirs[id] == OURS_ALONE.get(id, ("", set()))[1], id
    assert len(theirs) >= 25
