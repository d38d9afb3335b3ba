"""Base images of other publishers: when they are asked for, weighed, and what is written."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from images import DEBIAN, advisory, dpkg_status, feed_mirror
from loopback import Answer, Asked, Stub, serve
from oci_layout import CONFIG, MANIFEST, Descriptor, Layout
from pratique.cli import main

TRIXIE = b'ID=debian\nVERSION_ID="13"\n'
BASE = {"etc/os-release": DEBIAN, "var/lib/dpkg/status": dpkg_status([
    ("apt", "2.6.1"), ("bash", "5.2-1"), ("libc6", "2.36-9")])}  # fmt: skip
BARE = {"etc/os-release": TRIXIE,
        "var/lib/dpkg/status.d/libc6": b"Package: libc6\nVersion: 2.41-12\n"}  # fmt: skip
STATIC = {"etc/os-release": TRIXIE,
          "var/lib/dpkg/status.d/tzdata": b"Package: tzdata\nVersion: 2026a-0\n"}  # fmt: skip
DISTROLESS = "gcr.io/distroless/python3-debian13"
Fix = Callable[..., Any]


def begun(layout: Layout, image: Descriptor, words: list[str]) -> Descriptor:
    """Return an image with another entry point, as nobody."""
    manifest = json.loads(layout.read(image["digest"]))
    config = json.loads(layout.read(manifest["config"]["digest"]))
    config["config"] = {"Entrypoint": words, "User": "65532"}
    manifest["config"] = layout.document(config, CONFIG)
    return layout.document(manifest, MANIFEST)


class Registries:
    """All registries at one place, which a mirror is for each."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        bare = begun(layout, layout.image(BARE), ["/usr/bin/python3.13"])
        own = layout.image(BASE)
        self.images: dict[str, dict[str, Descriptor]] = {
            "own": {"1": layout.image(BASE, {"app/main.py": b"print()\n"})},
            "library/python": {"3.13.2-slim-bookworm": own, "3.13-slim": own},
            "library/node": {"23-slim": own},
            "library/debian": {"trixie-20260101-slim": own},
            "distroless/python3-debian13": {"nonroot": bare, "latest": bare},
            "python": {"3.13.1-debian13": bare, "3.13.5-debian13": bare, "3.13.5-debian13-dev": own,
                       "3.12.9-debian13": own, "3.13.6-alpine3.22": own, "3.13-debian13": own},
        } | {f"distroless/{name}-debian13": {"nonroot": layout.image(STATIC)}
             for name in ("cc", "base", "static")}  # fmt: skip

    def answer(self, asked: Asked) -> Answer:
        path = asked.path.partition("?")[0].removeprefix("/v2/")
        for name, images in self.images.items():
            if path == f"{name}/tags/list":
                return Answer(body=json.dumps({"tags": list(images)}).encode())
            if path.startswith((f"{name}/manifests/", f"{name}/blobs/")):
                what = path.rpartition("/")[2]
                if not what.startswith("sha256:") and what not in images:
                    return Answer(404)
                digest = images[what]["digest"] if what in images else what
                headers = {"Content-Type": MANIFEST, "Docker-Content-Digest": digest}
                return Answer(body=self.layout.read(digest), headers=headers)
        return Answer(404 if path else 200)


@pytest.fixture
def registries(tmp_path: Path) -> Registries:
    return Registries(Layout(tmp_path / "layout"))


@pytest.fixture
def stub(registries: Registries, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    with socket.socket() as nobody, serve(registries.answer) as stub:
        nobody.bind(("127.0.0.1", 0))  # and does not listen: what no mirror has is nowhere
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{nobody.getsockname()[1]}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield stub


@pytest.fixture
def fix(
    stub: Stub, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Fix:
    feeds = feed_mirror(tmp_path / "mirror", {
        "Debian": [advisory("CVE-2024-1", "Debian:12", "bash"),
                   advisory("CVE-2024-3", "Debian:13", "libc6")],
    })  # fmt: skip
    monkeypatch.chdir(tmp_path)
    mirrors = ",".join(f"{one}={stub.host}" for one in ("docker.io", "gcr.io", "dhi.io"))
    options = ["--feed-mirror", str(feeds), "--cache-dir", str(tmp_path / "cache"), "-q",
               "--insecure", "--registry-mirrors", mirrors]  # fmt: skip

    def run(dockerfile: str, *words: str, status: int = 0) -> Any:
        Path("Dockerfile").write_text(dockerfile)
        done = main(["fix", "image", f"{stub.host}/own:1", "--dockerfile", "Dockerfile", *words,
                     *options])  # fmt: skip
        printed = capsys.readouterr()
        assert done == status, printed.err + printed.out
        return json.loads(printed.out) if "--json" in words else printed.out + printed.err

    return run


PYTHON = 'FROM python:3.13.2-slim-bookworm\nCOPY main.py /app/\nCMD ["/app/main.py"]\n'


def test_other_publishers_images_are_weighed(fix: Fix) -> None:
    found = fix(PYTHON, "--candidates", "--json")
    rows = {one["Kind"]: one for one in found["Candidates"]}
    assert rows["distroless"]["Reference"] == f"{DISTROLESS}:nonroot"
    assert rows["hardened"]["Reference"] == "dhi.io/python:3.13.5-debian13"
    assert found["NotWeighed"] == []
    notes = rows["distroless"]["Notes"]
    assert {"debian 12 -> debian 13", "no shell", "no package manager", "runs as 65532",
            "it begins with /usr/bin/python3.13: CMD is what comes after it"} <= set(notes)  # fmt: skip
    assert any("/usr/bin/python3" in note and "PYTHONPATH" in note for note in notes)
    assert rows["distroless"]["DoesNotBuild"] == ""
    assert f"{DISTROLESS}:nonroot" in fix(PYTHON, "--candidates")


def test_what_runs_commands_does_not_build_there(fix: Fix) -> None:
    text = "FROM python:3.13.2-slim-bookworm\nRUN pip install x\nCMD python -m x\n"
    found = fix(text, "--candidates", "--json")
    rows = {one["Kind"]: one for one in found["Candidates"]}
    assert rows["distroless"]["DoesNotBuild"] == "line 2 runs a command, and it has no shell"
    assert "line 3: CMD wants a shell: write it as a list" in rows["distroless"]["Notes"]


def test_none_is_asked_for_or_taken_unless_it_is_named(fix: Fix, stub: Stub) -> None:
    plan = fix(PYTHON, "--json")
    assert not any("distroless" in path or path.startswith("/v2/python/") for path in stub.paths())
    assert not any("distroless" in json.dumps(one) for one in plan["Changes"])


@pytest.mark.parametrize(
    ("text", "changed", "said"),
    [
        (PYTHON, PYTHON.replace("python:3.13.2-slim-bookworm", "{}"), ""),
        ("ARG BASE=python:3.13-slim\nFROM --platform=linux/amd64 ${BASE} AS run\n",
         "ARG BASE={}\nFROM --platform=linux/amd64 ${BASE} AS run\n", ""),
        ("ARG V=3.13\nFROM docker.io/library/python:$V-slim AS run # ours\n".replace(" # ours", ""),
         "ARG V=3.13\nFROM {} AS run\n", "ARG V: nothing uses it any more"),
        ("ARG B=python:3.13-slim\nFROM $B AS build\nRUN make\nFROM $B\nCOPY --from=build /x /\n",
         "ARG B=python:3.13-slim\nFROM $B AS build\nRUN make\nFROM {}\nCOPY --from=build /x /\n",
         ""),
    ],
)  # fmt: skip
def test_the_whole_reference_is_written_with_its_digest(
    fix: Fix, registries: Registries, text: str, changed: str, said: str
) -> None:
    plan = fix(text, "--base", "distroless", "--write", "--json", "--no-verify")
    digest = registries.images["distroless/python3-debian13"]["nonroot"]["digest"]
    assert Path("Dockerfile").read_text() == changed.replace("{}", f"{DISTROLESS}:nonroot@{digest}")
    [step] = plan["Changes"]
    assert (step["To"], step["Level"]) == (f"{DISTROLESS}:nonroot", "major")
    assert [one for one in plan["Remarks"] if one.startswith("ARG ")] == ([said] if said else [])


def test_a_tag_with_a_version_is_not_pinned_unasked(fix: Fix) -> None:
    fix(PYTHON, "--base", "hardened", "--write", "--no-verify")
    assert Path("Dockerfile").read_text().startswith("FROM dhi.io/python:3.13.5-debian13\n")


def test_a_registry_that_does_not_answer_is_one_line(fix: Fix, registries: Registries) -> None:
    del registries.images["python"]
    found = fix(PYTHON, "--candidates", "--json")
    [missed] = found["NotWeighed"]
    assert missed.startswith("dhi.io/python: ")
    assert "distroless" in {one["Kind"] for one in found["Candidates"]}
    assert "dhi.io/python" in fix(PYTHON, "--base", "hardened", status=3)


def test_where_nothing_stands_for_it(fix: Fix) -> None:
    told = fix("FROM node:23-slim\n", "--base", "distroless", status=2)
    assert "--base distroless: nothing to take the place of node:23-slim" in told


def test_a_base_without_advisories_is_no_better_one(fix: Fix, registries: Registries) -> None:
    layout = registries.layout
    other = {**BARE, "etc/os-release": b'ID=debian\nVERSION_ID="11"\n'}
    registries.images["python"] = {"3.13.5-debian13": layout.image(other)}
    found = fix(PYTHON, "--candidates", "--json")
    assert found["Candidates"][-1]["Kind"] == "hardened"
    assert found["Candidates"][-1]["Notes"][0] == "NOT CHECKED: no advisories for Debian:11"


def test_debian_itself_has_three(fix: Fix) -> None:
    found = fix("FROM debian:trixie-20260101-slim\n", "--candidates", "--json")
    rows = {one["Reference"]: one for one in found["Candidates"] if one["Kind"] == "distroless"}
    assert list(rows) == [
        f"gcr.io/distroless/{n}-debian13:nonroot" for n in ("cc", "base", "static")
    ]
    assert all("no C library: only static programs run" in one["Notes"] for one in rows.values())
