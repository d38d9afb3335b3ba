"""Own checks in CEL and Rego, end to end; what Trivy 0.76 says of the same files was recorded.

Recorded with `trivy config --config-check rego --config-data data --check-namespaces user project`.
"""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json

from pratique.cli import main
from pratique.custom import read_checks
from pratique.custom.cel import read_cel
from pratique.custom.rego_module import read_module, without_pairs
from pratique.errors import MalformedError, UsageError
from pratique.model.built_image import BuiltImage, Step

HERE = Path(__file__).parent
PROJECT, REGO, CEL, DATA = (str(HERE / name) for name in ("project", "rego", "cel", "data"))

Told = tuple[str, str, str, int | None, int | None, str]

BY_TRIVY: set[Told] = {
    ("Dockerfile", "ORG-0001", "HIGH", 3, 3, "python:${VERSION} is not from registry.example.com"),
    ("Dockerfile", "ORG-0002", "LOW", 1, 1, "no LABEL owner"),
    ("Dockerfile", "ORG-0003", "MEDIUM", 6, 8, "pip installs whatever it is given"),
    ("Dockerfile", "ORG-0004", "LOW", 5, 5, "COPY of requirements.txt, ./ has no --chown"),
    ("Dockerfile", "ORG-0005", "LOW", 17, 17, "CMD in shell form"),
    ("Dockerfile", "ORG-0012", "MEDIUM", 6, 8, "curl is called"),
    ("deployment.yaml", "ORG-0006", "LOW", 3, 6, "Deployment web has no label owner"),
    ("deployment.yaml", "ORG-0006", "LOW", 34, 35, "Pod job has no label owner"),
    ("deployment.yaml", "ORG-0007", "MEDIUM", 13, 16, "container web is not pulled"),
    ("deployment.yaml", "ORG-0007", "MEDIUM", 38, 39, "container prepare is not pulled"),
    ("deployment.yaml", "ORG-0008", "HIGH", None, None,
     "nginx:1.27 is not from registry.example.com/"),
    ("deployment.yaml", "ORG-0009", "CRITICAL", 1, 2, "a node port"),
    ("deployment.yaml", "ORG-0010", "LOW", 7, 19, "1 replica"),
    ("deployment.yaml", "ORG-0011", "LOW", None, None, "annotation ingress.example.com/class"),
}  # fmt: skip


def scanned(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["config", "-q", "-f", "json", *words]) == 0
    found: dict[str, Any] = json.decode(capsys.readouterr().out)
    return found


def told(document: dict[str, Any]) -> set[Told]:
    return {
        (result["Target"], one["ID"], one["Severity"], one["CauseMetadata"].get("StartLine"),
         one["CauseMetadata"].get("EndLine"), one["Message"])
        for result in document["Results"] for one in result.get("Misconfigurations", ())
        if one["ID"].startswith("ORG-")
    }  # fmt: skip


def problems(document: dict[str, Any]) -> list[tuple[str, str]]:
    [report] = document["Pratique"]["Reports"]
    return [(p.get("Where", ""), p["What"]) for p in report.get("Problems", ())]


def test_rego_finds_what_trivy_finds(capsys: pytest.CaptureFixture[str]) -> None:
    document = scanned(capsys, PROJECT, "--config-check", REGO, "--config-data", DATA)
    assert told(document) == BY_TRIVY
    assert problems(document) == []
    [one] = [
        m for r in document["Results"] for m in r.get("Misconfigurations", ())
        if m["ID"] == "ORG-0001"
    ]  # fmt: skip
    assert one["Namespace"] == "user.dockerfile.registry"
    assert one["Query"] == "data.user.dockerfile.registry.deny"
    assert one["Description"] == "Others are neither scanned nor kept."
    assert one["Resolution"] == "Use registry.example.com."
    assert one["References"] == ["https://example.com/registry"]


def test_trivy_still_says_so(tmp_path: Path) -> None:
    if not (trivy := shutil.which("trivy")):
        pytest.skip("no trivy on the PATH")
    said = subprocess.run(
        [trivy, "config", "-q", "-f", "json", "--skip-check-update", "--cache-dir", str(tmp_path),
         "--config-check", REGO, "--config-data", DATA, "--check-namespaces", "user", PROJECT],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    assert told(json.decode(said)) == BY_TRIVY


def test_cel_finds_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    document = scanned(capsys, PROJECT, "--policy", CEL)
    assert told(document) == {
        ("Dockerfile", "ORG-1003", "HIGH", 3, 3,
         "python:${VERSION} is not from registry.example.com"),
        ("Dockerfile", "ORG-1008", "MEDIUM", 6, 8, "curl in RUN"),
        ("compose.yaml", "ORG-1009", "LOW", 6, 9, "service db does not say restart"),
        ("compose.yaml", "ORG-1010", "HIGH", 6, 9, "service db is open to all"),
        ("deployment.yaml", "ORG-1001", "MEDIUM", 13, 16, "container web has no memory limit"),
        ("deployment.yaml", "ORG-1001", "MEDIUM", 17, 19, "container proxy has no memory limit"),
        ("deployment.yaml", "ORG-1002", "HIGH", 38, 39,
         "busybox is not from registry.example.com"),
        ("deployment.yaml", "ORG-1004", "LOW", 1, 19, "Deployment/web has no owner"),
        ("deployment.yaml", "ORG-1004", "LOW", 32, 43, "Pod/job has no owner"),
        ("deployment.yaml", "ORG-1005", "CRITICAL", 21, 30, "No node ports"),
    }  # fmt: skip
    assert problems(document) == []


def test_images_are_judged_too() -> None:
    checks = [check for _, check in read_cel((HERE / "cel" / "image.yaml").read_text(), "f")]
    labels = {"org.opencontainers.image.source": "https://example.com"}
    step = Step("RUN", "x", {}, 0, "")
    good = BuiltImage("x", {"Labels": labels}, steps=(step,), layers=2)
    assert [list(check.judge(good)) for check in checks] == [[], []]
    bad = BuiltImage("x", {}, steps=(step,), layers=3)
    assert [[f.message for f in check.judge(bad)] for check in checks] == [
        ["Images name their source"], ["3 layers"],
    ]  # fmt: skip


def test_own_checks_are_ignored_like_others(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    project = shutil.copytree(PROJECT, tmp_path / "project")
    text = (project / "deployment.yaml").read_text()
    named = "# pratique:ignore ORG-1005 reason: for the lab\n  type"
    (project / "deployment.yaml").write_text(text.replace("  type", f"  {named}"))
    (tmp_path / "ignored").write_text("memory-limit\n")
    words = ("--config-check", CEL, "--ignorefile", str(tmp_path / "ignored"))
    ids = {one[1] for one in told(scanned(capsys, str(project), *words))}
    assert "ORG-1001" not in ids
    assert "ORG-1005" not in ids
    assert "ORG-1004" in ids


@pytest.mark.parametrize(
    ("name", "text", "where", "said"),
    [
        ("a.yaml", "id: A\ntitle: t\nkind: kubernetes\nexpression: object.spec.", ":4",
         "`expression` is no CEL: at 1:13 of it: Syntax error"),
        ("a.yaml", "id: A\ntitle: t\nkind: kubernetes\nexpression: nope == 1", ":4",
         "undeclared reference to 'nope'"),
        ("a.yaml", "id: A\ntitle: t\nkind: terraform\nexpression: 'true'", ":3",
         "kind 'terraform' is none of dockerfile, kubernetes, compose, image"),
        ("a.yaml", "id: A\ntitle: t\nkind: image\nexpresion: 'true'", ":4", "unknown key"),
        ("a.yaml", "id: A\ntitle: t\nkind: image", ":1", "no `expression`"),
        ("a.yaml", "id: A\ntitle: 1\nkind: image", ":2", "`title` must be a text"),
        ("a.yaml", "id: A\ntitle: t\nkind: image\nexpression: 'true'\naliases: x", ":5",
         "`aliases` must be a list of texts"),
        ("a.yaml", "id: A\ntitle: t\nkind: image\nexpression: 'true'\nseverity: BAD", ":5",
         "severity 'BAD' is none of"),
        ("a.yaml", "id: a b\ntitle: t\nkind: image\nexpression: 'true'", ":1", "no id"),
        ("a.yaml", "- a", "", "no check"),
        ("a.yaml", "", "", "the file is empty"),
        ("a.yaml", "id: [", "", "line"),
        ("a.rego", "package user.a\nimport rego.v1\n\ndeny contains x if { x := }", ":4",
         "no Rego: Invalid assignment operator"),
        ("a.rego", "package user.a\nimport rego.v1\ndeny contains x if { x := no.thing(1) }", ":3",
         "there is no function no.thing"),
        ("a.rego", "package user.a\nimport data.lib.nope\nimport rego.v1\ndeny contains 1 if true",
         "", "it imports data.lib.nope, which is not here"),
        ("a.rego", "deny contains x if { x := 1 }", "", "no Rego: it has no `package`"),
        ("a.rego", "# METADATA\n# title: [\npackage user.a\ndeny := true", "", "METADATA is no YAML"),
        ("a.rego", "package other.a\nimport rego.v1\ndeny contains 1 if true", "",
         "no rule `deny` in a package of user"),
        ("a.rego", ("# METADATA\n# custom:\n#   id: T\n#   input:\n#     selector:\n"
         "#     - type: terraform\npackage user.n\ndeny := true"), "", "it is for terraform"),
        ("a.rego", 'package user.n\n__rego_input__ := {"combine": true}\ndeny := true', "",
         "`combine` is not supported"),
    ],
)  # fmt: skip
def test_a_check_that_cannot_be_loaded_is_a_problem(
    tmp_path: Path, name: str, text: str, where: str, said: str
) -> None:
    (tmp_path / name).write_text(text)
    found = read_checks([str(tmp_path)])
    assert not found.checks
    [problem] = found.problems
    assert said in problem.what
    assert problem.where == f"{tmp_path / name}{where}"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.yaml", "id: A\ntitle: t\nkind: kubernetes\nexpression: object.nope.nope == 1",
         "A: `expression` cannot be answered: NOT_FOUND"),
        ("a.yaml", "id: A\ntitle: t\nkind: kubernetes\nexpression: 1 + 1",
         "A: cannot be carried out: `expression` must be true, false or a list, not 2"),
        ("a.yaml", "id: A\ntitle: t\nkind: kubernetes\neach: object.kind\nexpression: 'true'",
         "A: cannot be carried out: `each` must be a list or a mapping"),
        ("a.rego", "package user.k\nimport rego.v1\nf(_) := 1\nf(_) := 2\ndeny contains f(3) if true",
         "user.k: `deny` cannot be evaluated"),
    ],
)  # fmt: skip
def test_a_check_that_fails_is_a_problem_and_not_passed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text)
    words = (PROJECT, "--misconfig-scanners", "kubernetes", "--include-non-failures")
    document = scanned(capsys, *words, "--config-check", str(tmp_path / name))
    found = problems(document)
    assert found
    assert all(said in what and where.startswith("deployment.yaml") for where, what in found)
    ids = {m["ID"] for r in document["Results"] for m in r.get("Misconfigurations", ())}
    assert not {"A", "user.k"} & ids
    assert main(["config", "-q", *words, "--config-check", str(tmp_path / name), "--strict"]) == 4


def test_checks_that_are_not_there_are_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file or folder of checks"):
        read_checks([str(tmp_path / "absent")])
    assert [p.what for p in read_checks([str(tmp_path)]).problems] == [
        "no check (.yaml, .rego) is there"
    ]


def test_namespaces_and_deny_of_other_names(tmp_path: Path) -> None:
    (tmp_path / "a.rego").write_text(
        "package org.a\nimport rego.v1\ndeny_one contains 1 if true\nviolation contains 2 if true\n"
    )
    assert not read_checks([str(tmp_path)]).checks
    found = read_checks([str(tmp_path)], namespaces=["org"])
    assert [(folder, check.name) for folder, check in found.checks] == [
        ("dockerfile", "org.a"), ("kubernetes", "org.a"), ("compose", "org.a"),
    ]  # fmt: skip


def test_rego_of_both_ages_is_read() -> None:
    old = read_module('package user.a\ndeny[msg] {\n  msg := sprintf("%s", [input])\n}\n', "f")
    assert "deny contains msg if {" in old.source
    assert old.rules == ("deny",)
    pairs = "x := [i | some i, v in input.y; v]\ny := [v | some _, v in z]"
    assert without_pairs(pairs) == "x := [i | some i; v = input.y[i]; v]\ny := [v | some v in z]"


@given(st.text(max_size=300))
def test_any_text_is_a_check_or_malformed(text: str) -> None:
    for read in (read_cel, read_module):
        with suppress(MalformedError):
            read(text, "f")
