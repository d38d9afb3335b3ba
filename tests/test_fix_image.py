"""`pratique fix image`: the Dockerfile's base, its packages, and what it copies."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from images import DEBIAN, advisory, docker_archive, dpkg_status, feed_mirror, layer_tar
from loopback import Answer, Asked, serve
from oci_layout import Layout
from pratique.cli import main
from pratique.codecs.dockerfile.rewriting import retagged, upgrading
from pratique.codecs.edits import applied
from pratique.rebuilding import read

DOCKERFILE = (
    "# the shop\r\nARG VERSION=12.1\r\nFROM debian:${VERSION} AS base\r\n\r\nCOPY . /app\r\n"
)
REQUIREMENTS = "flask==2.0.1  # web\n"
BASE = {
    "etc/os-release": DEBIAN,
    "var/lib/dpkg/status": dpkg_status([("apt", "2.6.1"), ("bash", "5.2-1"), ("curl", "7.88-1")]),
}
APP = {"app/flask-2.0.1.dist-info/METADATA": b"Name: flask\nVersion: 2.0.1\n",
       "app/requirements.txt": b"flask==2.0.1\n"}  # fmt: skip
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    mirror = feed_mirror(tmp_path / "mirror", {
        "Debian": [advisory("CVE-2024-1", "Debian:12", "bash", "5.2-2"),
                   advisory("CVE-2024-2", "Debian:12", "curl")],
        "PyPI": [advisory("CVE-2024-3", "PyPI", "flask", "2.0.3")],
    })  # fmt: skip
    history = ["ADD rootfs.tar.xz / # buildkit", "COPY . /app # buildkit"]
    layers = [layer_tar(BASE), layer_tar(APP)]
    (tmp_path / "image.tar").write_bytes(docker_archive(layers, history=history))
    project = tmp_path / "project"
    project.mkdir()
    (project / "Dockerfile").write_bytes(DOCKERFILE.encode())
    (project / "requirements.txt").write_text(REQUIREMENTS)
    monkeypatch.chdir(tmp_path)
    options = ["--feed-mirror", str(mirror), "--cache-dir", str(tmp_path / "cache"), "-q",
               "--dockerfile", "project/Dockerfile"]  # fmt: skip

    main(["fs", "project", *options[:5], "-o", str(tmp_path / "unused")])
    main(["image", "--input", "image.tar", *options[:5], "-o", str(tmp_path / "unused")])
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")

    def run(*words: str) -> dict[str, Any]:
        status = main(["fix", "image", *words, *options, "--json"])
        printed = capsys.readouterr()
        assert status == 0, printed.err
        found: dict[str, Any] = json.loads(printed.out)
        return found

    return run


def test_packages_of_the_base_and_of_the_project(fix: Run, tmp_path: Path) -> None:
    found = fix("--input", "image.tar", "--offline", "--skip-db-update", "--write")
    assert {one["Name"] for one in found["Changes"]} == {"bash", "flask"}
    assert [one["Why"] for one in found["Remaining"]] == ["no fix exists"]
    text = (tmp_path / "project/Dockerfile").read_bytes().decode()
    put = ("RUN apt-get update && apt-get install -y --only-upgrade --no-install-recommends \\\r\n"
           "      bash \\\r\n    && rm -rf /var/lib/apt/lists/*\r\n")  # fmt: skip
    opening = "FROM debian:${VERSION} AS base\r\n"
    assert text == DOCKERFILE.replace(opening, opening + put)
    assert (tmp_path / "project/requirements.txt").read_text() == "flask==2.0.3  # web\n"
    again = fix("--input", "image.tar", "--offline", "--skip-db-update")
    assert again["Files"] == []
    assert any("build it again without a cache" in one for one in again["Remarks"])


def test_a_base_of_the_same_series_is_found_and_scanned(fix: Run, tmp_path: Path) -> None:
    layout = Layout(tmp_path / "layout")
    newer = {**BASE, "var/lib/dpkg/status": dpkg_status([("apt", "2.6.1"), ("bash", "5.2-9")])}
    newest = layout.image(newer)
    own = layout.image(BASE, APP)

    def answer(asked: Asked) -> Answer:
        path = asked.path.partition("?")[0]
        if path.endswith("/tags/list"):
            return Answer(body=json.dumps({"tags": ["1.2.3", "1.2.10", "1.3.0"]}).encode())
        if "/manifests/" in path or "/blobs/" in path:
            name = path.rpartition("/")[2]
            digest = {"1.2.10": newest["digest"], "1": own["digest"]}.get(name, name)
            kind = {"Content-Type": newest["mediaType"], "Docker-Content-Digest": digest}
            return Answer(body=layout.read(digest), headers=kind)
        return Answer()

    with serve(answer) as stub:
        dockerfile = tmp_path / "project/Dockerfile"
        dockerfile.write_text(f"FROM {stub.host}/base:1.2.3\nCOPY 1 /\n")
        found = fix(f"{stub.host}/own:1", "--insecure", "--write", "--pin")
        assert dockerfile.read_text() == (
            f"FROM {stub.host}/base:1.2.10@{newest['digest']}\nCOPY 1 /\n"
        )
    assert {(one["From"][0], one["To"]) for one in found["Changes"] if one["Type"] == "docker"} == {
        ("1.2.3", "1.2.10")
    }
    assert sum(found["After"].values()) == 0


@pytest.mark.parametrize(("before", "after"), [
    ("FROM python:3.9.1-slim AS x\n", "FROM python:3.9.2-slim AS x\n"),
    ("ARG V=3.9.1\nFROM python:${V}-slim\n", "ARG V=3.9.2\nFROM python:${V}-slim\n"),
    ("ARG B='python:3.9.1-slim'\nFROM $B\n", "ARG B='python:3.9.2-slim'\nFROM $B\n"),
    ("ARG T=3.9.1-slim\nFROM --platform=linux/amd64 python:$T\n",
     "ARG T=3.9.2-slim\nFROM --platform=linux/amd64 python:$T\n"),
    ("FROM python:3.9.1-slim AS a\nFROM a\nRUN x\n", "FROM python:3.9.2-slim AS a\nFROM a\nRUN x\n"),
])  # fmt: skip
def test_the_tag_is_changed_where_it_is_held(before: str, after: str) -> None:
    edits = retagged(read(before, "Dockerfile"), "3.9.1-slim", "3.9.2-slim")
    assert applied(before, edits) == after


@pytest.mark.parametrize("other", ["", "FROM python:$V AS b\n", "FROM node:1 AS b\n"])
def test_an_argument_of_the_same_image_is_changed(other: str) -> None:
    text = f"ARG V=3.9.1\n{other}FROM python:$V\n"
    edits = retagged(read(text, "Dockerfile"), "3.9.1", "3.9.2")
    assert applied(text, edits) == text.replace("3.9.1", "3.9.2")


def test_an_argument_that_is_another_images_tag_as_well_stays() -> None:
    text = "ARG V=3.9.1\nFROM example.com/own/tool:$V AS b\nFROM python:$V\n"
    assert retagged(read(text, "Dockerfile"), "3.9.1", "3.9.2") == []


def test_a_port_is_no_tag() -> None:
    text = "FROM localhost:5000/app:5000\n"
    edits = retagged(read(text, "Dockerfile"), "5000", "5001")
    assert applied(text, edits) == "FROM localhost:5000/app:5001\n"


def test_an_upgrade_grows_and_gives_the_user_back() -> None:
    text = "FROM gcr.io/distroless/base:nonroot\nRUN apk upgrade --no-cache curl\n"
    edit = upgrading(read(text, "Dockerfile"), "apk", ["zlib", "curl"])
    assert edit
    assert applied(text, [edit]).endswith("\nRUN apk upgrade --no-cache curl zlib\n")
    assert upgrading(read(text, "Dockerfile"), "apk", ["curl"]) is None
    text = "FROM example.com/own:1\n"
    edit = upgrading(read(text, "Dockerfile"), "apk", ["zlib"], "app:app")
    assert edit
    assert applied(text, [edit]) == (
        f"{text}USER root\nRUN apk upgrade --no-cache zlib\nUSER app:app\n"
    )
    edit = upgrading(read(f"{text}USER x\n", "Dockerfile"), "apk", ["zlib"], "x")
    assert edit
    assert edit.text == "RUN apk upgrade --no-cache zlib"
    text = "FROM gcr.io/distroless/base:nonroot\n"
    edit = upgrading(read(text, "Dockerfile"), "apk", ["zlib"])
    assert edit
    assert applied(text, [edit]) == (
        "FROM gcr.io/distroless/base:nonroot\nUSER root\nRUN apk upgrade --no-cache zlib\nUSER 65532\n"
    )
