"""Compose files together: overrides, what is extended and included, Dockerfiles, images."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from images import DEBIAN, docker_archive, layer_tar
from pratique.cli import main
from pratique.configurations.compose import compose
from pratique.errors import MalformedError
from pratique.model.check import Surroundings
from pratique.model.configuration import Document
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.scanning import scan_directory
from registries import Running

pytest_plugins = ("registry_fixtures",)

HARD = """
    cap_drop: [ALL]
    read_only: true
    security_opt: ["no-new-privileges:true"]
    mem_limit: 1g
    cpus: 1
    pids_limit: 9
"""
DIGEST = "sha256:" + "0123456789" * 6 + "0123"


def judged(folder: Path, **files: str) -> Report:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_yaml", ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return scan_directory(
        str(folder), Settings(scanners=("misconfig",), no_cache=True), locked=True
    )


def found(report: Report) -> set[tuple[str, str, int]]:
    return {(f.check, one.path, f.start) for one in report.examined for f in one.failures}


def test_what_an_override_file_sets_is_not_missing_and_is_told_where_it_stands(
    tmp_path: Path,
) -> None:
    report = judged(
        tmp_path,
        compose_yaml=f"services:\n  web:\n    image: a@{DIGEST}\n",
        **{"compose.override_yaml": f"services:\n  web:\n    pid: host{HARD}"},
    )
    assert found(report) == {("DC-0006", "compose.override.yaml", 3)}


def test_what_a_service_extends_is_not_missing(tmp_path: Path) -> None:
    report = judged(
        tmp_path,
        compose_yaml=f"services:\n  base:{HARD}  web:\n    image: a@{DIGEST}\n    extends: base\n",
    )
    assert found(report) == set()


def test_files_that_are_extended_or_included_are_judged_whatever_their_names(
    tmp_path: Path,
) -> None:
    report = judged(
        tmp_path,
        compose_yaml="include:\n- parts/db.yml\n- path: [oci://example.com/x, more_yaml]\n"
        f"services:\n  web:\n    image: a@{DIGEST}\n"
        "    extends: {file: common.yml, service: base}\n",
        **{"common.yml": f"services:\n  base:\n    uts: host{HARD}",
           "parts__db.yml": f"services:\n  db:\n    image: b:1{HARD}"},
    )  # fmt: skip
    assert found(report) == {("DC-0009", "common.yml", 3), ("DC-0019", "parts/db.yml", 3)}


def test_anchors_merge_keys_and_flow_style_have_their_own_lines(tmp_path: Path) -> None:
    report = judged(
        tmp_path,
        compose_yaml="x-a: &a\n  privileged: true\nservices:\n  web:\n    <<: *a\n"
        "    build: {context: ., network: host}\n    profiles: [debug]\n",
        Dockerfile="FROM scratch\n",
    )
    assert {("DC-0002", "compose.yaml", 2), ("DC-0043", "compose.yaml", 6)} <= found(report)


def test_build_leads_to_its_dockerfile_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "web/docker").mkdir(parents=True)
    (tmp_path / "web/docker/production.txt").write_text("FROM scratch\n")
    text = (
        "services:\n  web:\n    build:\n      context: web\n      dockerfile: docker/production.txt\n"
        "  up:\n    build: {context: ../elsewhere}\n  far:\n    build: https://example.com/a.git\n"
        "  own:\n    build:\n      dockerfile_inline: |\n        FROM scratch\n"
    )
    document = Document("compose.yaml", "compose", text)
    assert compose.leads is not None
    led = list(compose.leads(document, Surroundings({}, str(tmp_path))))
    assert [(one.path, one.type, one.text) for one in led] == [
        ("web/docker/production.txt", "dockerfile", "FROM scratch\n"),
        ("compose.yaml (own)", "dockerfile", "FROM scratch\n"),
    ]


def test_nothing_outside_of_the_project_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.env").write_text("API_TOKEN=correct-horse-battery\n")
    project = tmp_path / "project"
    project.mkdir()
    (project / "link.env").symlink_to(tmp_path / "secret.env")
    report = judged(
        project,
        compose_yaml=f"services:\n  web:\n    image: a@{DIGEST}{HARD}"
        "    env_file: [../secret.env, link.env, /etc/passwd]\n",
    )
    assert found(report) == set()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("services:\n  web: [1\n", "line "),
        ("services: [a]\n", "services is no mapping"),
        ("services:\n  web: text\n", "line 2: service web is no mapping"),
        ("services:\n  a: {image: x, extends: b}\n  b: {extends: a}\n", "extends itself"),
        ("services:\n" + "  a:\n" + "".join("  " * n + "- \n" for n in range(2, 300)), "nested"),
    ],
)
def test_a_broken_file_gets_a_line_and_the_others_are_judged(
    text: str, reason: str, tmp_path: Path
) -> None:
    report = judged(
        tmp_path,
        bad__compose_yaml=text,
        good__compose_yaml=f"services:\n  web:\n    image: a:1{HARD}",
    )
    assert any(reason in p.what and "bad/compose.yaml" in p.where for p in report.problems)
    assert ("DC-0019", "good/compose.yaml", 3) in found(report)


def test_a_file_that_is_called_so_by_chance_is_passed_over(tmp_path: Path) -> None:
    report = judged(tmp_path, composer_yaml="a: 1\n", compose_yaml="window:\n  services: 1\n")
    assert (report.examined, report.problems) == ((), ())


@given(st.text("${}:-?+ab\n- []&*'\"#", max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    document = Document("compose.yaml", "compose", f"services:\n  web:\n    image: {text}\n")
    around = Surroundings({"compose.yaml": document})
    with contextlib.suppress(MalformedError):
        assert all(subject.value for subject in compose.subjects(document, around))
    assert compose.images is not None
    list(compose.images(document, around))


def test_images_are_named_with_what_the_env_file_says(tmp_path: Path) -> None:
    report = judged(
        tmp_path,
        compose_yaml="services:\n  a: {image: 'db:${TAG}'}\n  b: {image: 'x:${OTHER:-2}'}\n"
        "  c: {image: own, build: .}\n  d: {image: '${NONE}'}\n  e: {image: 'db:${TAG}'}\n",
        **{".env": "TAG=16 # comment\nexport OTHER='3'\n"},
    )
    assert report.images == ("db:16", "x:3")


def test_images_are_scanned_from_archives(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "archives").mkdir()
    archive = docker_archive([layer_tar({"etc/os-release": DEBIAN, "app/.env": b"x"})], config={})
    (tmp_path / "archives/a.tar").write_bytes(archive)
    (tmp_path / "archives/notes.txt").write_text("no archive")
    (tmp_path / "compose.yaml").write_text(
        "services:\n  a: {image: test/image:1}\n  b: {image: test/other:1}\n"
    )
    main(["config", str(tmp_path), "--scan-images", "--input", str(tmp_path / "archives"), "-f",
          "json", "--offline", "--skip-db-update", "--cache-dir", str(tmp_path / "cache"),
          "--quiet"])  # fmt: skip
    document = json.loads(capsys.readouterr().out)
    results = {(r["Target"], r.get("Type")) for r in document["Results"]}
    assert {("compose.yaml", "compose"), ("test/image:1", "image")} <= results
    problems = json.dumps(document["Pratique"])
    assert "test/other:1 was not scanned" in problems


@pytest.mark.registry
def test_images_are_scanned_from_a_registry(
    registry: Running, tmp_path: Path, nobody: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "compose.yaml").write_text(
        f"services:\n  a:\n    image: {registry.host}/lab/two:1\n"
    )
    main(["config", str(project), "--scan-images", "--insecure", "-f", "json", "--skip-db-update",
          "--cache-dir", str(tmp_path / "cache"), "--quiet"])  # fmt: skip
    targets = [r["Target"] for r in json.loads(capsys.readouterr().out)["Results"]]
    assert f"{registry.host}/lab/two:1" in targets


def test_the_table_says_how_to_scan_the_images(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "compose.yaml").write_text("services:\n  a: {image: 'redis:7'}\n")
    main(["config", str(tmp_path), "--quiet"])
    printed = capsys.readouterr().out
    assert "Images named here: redis:7" in printed
    assert "pratique image redis:7" in printed
