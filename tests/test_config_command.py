"""`pratique config`, end to end: what is printed, written, ignored, and refused."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from msgspec import json

from pratique.cli import main

DOCKERFILE = """\
FROM debian:latest
EXPOSE 22
RUN apt-get update && \\
    apt-get install -y curl
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      image: nginx
      securityContext:
        privileged: true
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "Dockerfile").write_text(DOCKERFILE)
    (tmp_path / "pod.yaml").write_text(POD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(["config", *words])
    said = capsys.readouterr()
    return status, said.out, said.err


def as_json(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    _, out, _ = run(capsys, ".", "-f", "json", *words)
    found: dict[str, Any] = json.decode(out)
    return found


def found(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the failures by our ids."""
    return {
        one["Pratique"]["ID"]: one
        for result in document["Results"] for one in result.get("Misconfigurations", ())
    }  # fmt: skip


def test_the_table_names_files_the_worst_first_with_lines_and_fix(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, ".")
    assert (status, err) == (0, "")
    assert "(2 files judged)" in out
    lines = out.splitlines()
    files = [line for line in lines if line.startswith(("api/Dockerfile (", "pod.yaml ("))]
    assert len(files) == 2
    assert "DS-0004" in out
    assert "      2 | EXPOSE 22" in lines
    assert any(line.startswith("    fix: ") for line in lines)
    ranks = [
        ("CRITICAL", "HIGH", "MEDIUM", "LOW").index(line.split()[0])
        for line in lines[lines.index(files[0]) : lines.index(files[1])]
        if line.startswith("  ") and line.split()[0] in ("CRITICAL", "HIGH", "MEDIUM", "LOW")
    ]
    assert ranks == sorted(ranks)


def test_very_much_is_summarised_by_check(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(30):
        (project / f"pod{number}.yaml").write_text(POD)
    _, out, _ = run(capsys, ".")
    head = next(line for line in out.splitlines() if line.startswith("ID "))
    assert head.split() == ["ID", "SEVERITY", "PLACES", "FILES", "WHAT"]
    assert "more files: -f json lists everything" in out
    assert out.count("\n") < 500


def test_json_has_trivys_fields(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = as_json(capsys)
    assert {(r["Target"], r["Class"], r["Type"]) for r in document["Results"]} == {
        ("api/Dockerfile", "config", "dockerfile"), ("pod.yaml", "config", "kubernetes"),
    }  # fmt: skip
    [result] = [r for r in document["Results"] if r["Type"] == "dockerfile"]
    assert result["MisconfSummary"]["Failures"] == len(result["Misconfigurations"])
    [one] = [m for m in result["Misconfigurations"] if m["ID"] == "DS-0004"]
    assert one["Type"] == "Dockerfile Security Check"
    assert one["AVDID"] == "AVD-DS-0004"
    assert one["Namespace"] == "builtin.dockerfile.DS004"
    assert one["Query"] == "data.builtin.dockerfile.DS004.deny"
    assert one["PrimaryURL"] == "https://avd.aquasec.com/misconfig/ds-0004"
    assert one["Status"] == "FAIL"
    assert one["CauseMetadata"] == {
        "Provider": "Dockerfile", "Service": "general", "StartLine": 2, "EndLine": 2,
        "Code": {"Lines": [{"Number": 2, "Content": "EXPOSE 22", "IsCause": True,
                            "Annotation": "", "Truncated": False, "FirstCause": True,
                            "LastCause": True}]},
    }  # fmt: skip


def test_trivy_writes_the_same_fields(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not (trivy := shutil.which("trivy")):
        pytest.skip("no trivy on the PATH")
    cache = str(project / "cache")
    said = subprocess.run(
        [trivy, "config", "-q", "-f", "json", "--skip-check-update", "--cache-dir", cache, "."],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    theirs = {m["ID"]: m for r in json.decode(said)["Results"] for m in r["Misconfigurations"]}
    ours = {m["ID"]: m for m in found(as_json(capsys)).values()}
    assert len(set(theirs) & set(ours)) > 10
    for id in set(theirs) & set(ours):
        assert set(theirs[id]) <= set(ours[id]), id
        for key in ("Type", "Namespace", "Query", "PrimaryURL", "Status"):
            assert theirs[id][key] == ours[id][key]


def test_what_holds_is_listed_where_asked_for(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [result] = [
        r for r in as_json(capsys, "--include-non-failures")["Results"] if r["Type"] == "dockerfile"
    ]
    held = [m for m in result["Misconfigurations"] if m["Status"] == "PASS"]
    assert len(held) == result["MisconfSummary"]["Successes"] > 20
    assert all(m["Message"] == "No issues found" for m in held)
    assert all("StartLine" not in m["CauseMetadata"] for m in held)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ((), 0),
        (("--exit-code", "7"), 7),
        (("--exit-code", "7", "--misconfig-scanners", "dockerfile", "-s", "CRITICAL"), 0),
        (("--exit-code", "7", "--misconfig-scanners", "terraform"), 0),
        (("--exit-code", "7", "--skip-dirs", "api", "--skip-files", "pod.yaml"), 0),
        (("--misconfig-scanners", "nonsense"), 2),
        (("--file-patterns", "nonsense:x"), 2),
        (("--file-patterns", "dockerfile:("), 2),
        (("--file-patterns", "dockerfile"), 2),
        (("--ignorefile", "absent"), 2),
        (("--config-check", "absent"), 2),
    ],
)
def test_exit_statuses(
    project: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], status: int
) -> None:
    assert run(capsys, ".", *words)[0] == status


def test_nothing_to_judge_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, str(tmp_path))
    assert status == 0
    assert "(nothing that could be judged was found)" in out
    assert run(capsys)[0] == 2
    assert run(capsys, str(tmp_path / "absent"))[0] == 3


def test_files_of_other_names(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "api" / "Dockerfile").rename(project / "api" / "build.recipe")
    assert "build.recipe" not in run(capsys, ".")[1]
    assert (
        "api/build.recipe (dockerfile)"
        in run(capsys, ".", "--file-patterns", r"dockerfile:\.recipe$")[1]
    )
    assert "build.recipe (dockerfile)" in run(capsys, "api/build.recipe")[1]
    (project / "pod.yaml").rename(project / "pod.manifest")
    assert "pod.manifest (kubernetes)" in run(capsys, "pod.manifest")[1]


def test_each_way_of_ignoring(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = set(found(as_json(capsys)))
    (project / "pratique.yaml").write_text(
        "ignore:\n- id: KSV-0017\n  path: pod.yaml\n  reason: a debugger\n  ticket: SEC-7\n"
        "- id: CVE-2020-1\n- package: absent\n- id: DS-0026\n  expires: 2020-01-01\n"
    )
    (project / ".trivyignore").write_text("DS002\nDS-0099\n")
    text = DOCKERFILE.replace("EXPOSE", "# pratique:ignore DS-0004 reason: a bastion\nEXPOSE")
    (project / "api" / "Dockerfile").write_text(text + "# pratique:ignore DF-9999\n")
    status, out, err = run(capsys, ".", "-f", "json", "--show-suppressed")
    document = json.decode(out)
    assert status == 0
    excused = {
        (one["Finding"]["ID"], one["Statement"])
        for r in document["Results"] for one in r.get("ExperimentalModifiedFindings", ())
    }  # fmt: skip
    assert excused == {
        ("DS-0002", "ignored by .trivyignore:1"),
        ("DS-0004", "ignored: a bastion"),
        ("KSV-0017", "ignored: a debugger (SEC-7)"),
    }
    gone = before - set(found(document))
    assert len(gone) == 3
    [health] = [m for m in found(document).values() if m["ID"] == "DS-0026"]
    assert health["Pratique"]["Remarks"] == ["ignored until 2020-01-01"]
    [problem] = document["Pratique"]["Reports"][0]["Problems"]
    assert problem["Where"] == "api/Dockerfile:6"
    assert err.splitlines() == [
        "pratique: ignored no longer: DS-0026 (pratique.yaml:8) (until 2020-01-01)",
        "pratique: 1 rule to ignore matched nothing: DS-0099 (.trivyignore:2)",
    ]
    _, out, err = run(capsys, ".", "--quiet", "--show-suppressed")
    assert err == ""
    assert "ignored: a bastion" in out
    assert "3 suppressed" in out


def test_a_broken_rule_is_refused_with_its_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "pratique.yaml").write_text(
        "severity: HIGH\nignore:\n- id: X\n  until: 2027-01-01\n"
    )
    status, _, err = run(capsys, ".")
    assert status == 2
    assert err.startswith("pratique: pratique.yaml:4: 'until' is none of id, package, path")


def test_a_saved_report_keeps_what_was_ignored(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".trivyignore").write_text("DS-0004\n")
    run(capsys, ".", "-f", "json", "--show-suppressed", "-o", "report.json")
    os.unlink(".trivyignore")
    assert main(["convert", "report.json", "--show-suppressed"]) == 0
    out = capsys.readouterr().out
    assert "ignored by .trivyignore:1" in out
    (project / ".trivyignore").write_text("DS-0002\n")
    assert main(["convert", "report.json", "-f", "json", "--show-suppressed"]) == 0
    document = json.decode(capsys.readouterr().out)
    assert not {"DS-0002", "DS-0004"} & {m["ID"] for m in found(document).values()}


def test_checks_are_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "--list-checks")
    assert status == 0
    assert len(out.splitlines()) > 200
    assert run(capsys, "--list-checks", "-s", "CRITICAL")[1].count("\n") < 100
    listed = json.decode(run(capsys, "--list-checks", "-f", "json")[1])
    assert all(one["Title"] and one["Description"] and one["Resolution"] for one in listed)
    assert {"dockerfile", "kubernetes", "compose", "image"} == {one["Kind"] for one in listed}
    for id in ("KSV-0017", "AVD-KSV-0017", "ksv017"):
        assert main(["explain", id]) == 0
        out = capsys.readouterr().out
        assert "KSV-0017" in out
        assert "# pratique:ignore K8S-" in out


def test_a_patch_can_be_applied(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, ".", "--diff")
    assert status == 0
    assert out.startswith("--- a/")
    if not (patch := shutil.which("patch")):
        pytest.skip("no patch(1) on the PATH")
    before = len(found(as_json(capsys)))
    subprocess.run([patch, "-p1", "-s"], input=out.encode(), check=True)
    assert len(found(as_json(capsys))) < before


BROKEN = {
    "bad.yaml": b"apiVersion: v1\nkind: Pod\nspec: [\n",
    "tabs.yaml": b"apiVersion: v1\nkind: Pod\n\tspec: x\n",
    "deep.yaml": b"apiVersion: v1\nkind: Pod\nspec: " + b"[" * 5000 + b"]" * 5000,
    "bomb.yaml": b"apiVersion: v1\nkind: Pod\na: &a [x,x,x,x,x,x,x,x]\n" + b"".join(
        b"%c: &%c [%s]\n" % (c + 1, c + 1, b",".join([b"*%c" % c] * 8)) for c in range(97, 110)),
    "empty/Dockerfile": b"",
    "unknown/Dockerfile": b"FROM x\nNONSENSE y\n",
    "heredoc/Dockerfile": b"FROM x\nRUN <<EOF\nnever ends\n",
    "large/Dockerfile": b"FROM x\n" + b"# " + b"x" * (2 << 20),
    "brokencompose/compose.yaml": b"services: 1\n",
}  # fmt: skip
ODD = {
    "binary/Dockerfile": bytes(range(256)) * 8,
    "nul.yaml": b"apiVersion: v1\nkind: Pod\0\n",
    "latin.yaml": b"apiVersion: v1\nkind: Pod\nmetadata: {name: \xe9}\n",
    "nuls/Dockerfile": b"FROM x\0y\nUSER root\0\n",
    "long/Dockerfile": b"FROM x\nRUN " + b"a && " * 100_000 + b"b\n",
    "many.yaml": b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n" * 2000,
    "escape/Dockerfile": b"# pratique:ignore \x1b[31mDF-9\nFROM \x1b[2Jx\n",
}


def test_broken_files_are_named_and_the_others_are_judged(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, data in (BROKEN | ODD).items():
        path = project / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    document = as_json(capsys)
    said = {p["Where"].partition(":")[0]: p["What"]
            for p in document["Pratique"]["Reports"][0]["Problems"]}  # fmt: skip
    assert set(BROKEN) <= set(said)
    assert all("\n" not in what for what in said.values())
    judged = {result["Target"] for result in document["Results"]}
    assert {"api/Dockerfile", "pod.yaml", "latin.yaml"} <= judged
    assert "long/Dockerfile" in judged | set(said)
    status, out, _ = run(capsys, ".", "--strict")
    assert status == 4
    assert "\x1b" not in out
