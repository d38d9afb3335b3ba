"""Base images: which tags there are, what each would bring, and what the Dockerfile becomes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from images import DEBIAN, advisory, dpkg_status, feed_mirror
from loopback import Answer, Asked, serve
from oci_layout import Layout
from pratique.cli import main

BASE = {"etc/os-release": DEBIAN,
        "var/lib/dpkg/status": dpkg_status([("apt", "2.6.1"), ("bash", "5.2-1")])}  # fmt: skip
NEWER = {"etc/os-release": DEBIAN,
         "var/lib/dpkg/status": dpkg_status([("apt", "2.6.1"), ("bash", "5.2-9")])}  # fmt: skip
ALPINE = {"etc/os-release": b'ID=alpine\nVERSION_ID="3.20.1"\n',
          "lib/apk/db/installed": b"C:Q1eHFj=\nP:musl\nV:1.2.5-r0\nA:x86_64\n\n"
          b"P:busybox\nV:1.36-r0\nA:x86_64\n\n"}  # fmt: skip
APP = {"app/main.py": b"print()\n"}
CURL = {
    "var/lib/dpkg/status": dpkg_status([("apt", "2.6.1"), ("bash", "5.2-1"), ("curl", "7.88-1")])
}
Fix = Callable[..., Any]


class Family:
    """A base image in several tags, and an image on the oldest."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.images = {
            "1.2.3": layout.image(BASE), "1.2.10": layout.image(NEWER),
            "2.0.1": layout.image(NEWER), "1.2.10-alpine": layout.image(ALPINE),
            "own": layout.image(BASE, {**APP, **CURL}),
        }  # fmt: skip

    def answer(self, asked: Asked) -> Answer:
        path = asked.path.partition("?")[0]
        if path.endswith("/tags/list"):
            tags = [*self.images, "latest", "3.0.0rc1"]
            return Answer(body=json.dumps({"tags": tags}).encode())
        if "/manifests/" in path or "/blobs/" in path:
            name = path.rpartition("/")[2]
            digest = self.images[name]["digest"] if name in self.images else name
            kind = {
                "Content-Type": self.images["own"]["mediaType"],
                "Docker-Content-Digest": digest,
            }
            return Answer(body=self.layout.read(digest), headers=kind)
        return Answer()


@pytest.fixture
def family(tmp_path: Path) -> Family:
    return Family(Layout(tmp_path / "layout"))


@pytest.fixture
def fix(
    family: Family, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Fix]:  # fmt: skip
    mirror = feed_mirror(tmp_path / "mirror", {
        "Debian": [advisory("CVE-2024-1", "Debian:12", "bash", "5.2-2"),
                   advisory("CVE-2024-2", "Debian:12", "curl")],

    })  # fmt: skip
    monkeypatch.chdir(tmp_path)
    with serve(family.answer) as stub:
        (tmp_path / "Dockerfile").write_text(
            f"FROM {stub.host}/base:1.2.3\n# ours\nRUN apt-get update\n"
        )
        options = ["--feed-mirror", str(mirror), "--cache-dir", str(tmp_path / "cache"), "-q",
                   "--insecure"]  # fmt: skip

        def run(*words: str, dockerfile: bool = True, status: int = 0) -> Any:
            beside = ["--dockerfile", "Dockerfile"] if dockerfile else []
            done = main(["fix", "image", f"{stub.host}/base:own", *words, *beside, *options])
            printed = capsys.readouterr()
            assert done == status, printed.err
            return json.loads(printed.out) if "--json" in words else printed.out + printed.err

        yield run


def test_candidates_are_compared(fix: Fix, family: Family) -> None:
    found = fix("--candidates", "--json")
    assert found["Before"] == {"UNKNOWN": 2}
    rows = {one["Kind"]: one for one in found["Candidates"]}
    assert {kind: sum(one["After"].values()) for kind, one in rows.items()} == {
        "patch": 1, "rebuilt": 2, "major": 1, "alpine": 1,
    }  # fmt: skip
    assert rows["alpine"]["DoesNotBuild"] == "line 3 runs apt-get, which it does not have"
    assert any("musl" in note for note in rows["alpine"]["Notes"])
    assert "no package manager" in rows["alpine"]["Notes"]
    assert found["Candidates"][-1]["Kind"] == "alpine"
    assert found["NotWeighed"] == []
    table = fix("--candidates")
    assert "DOES NOT BUILD" in table
    assert "base:1.2.10-alpine" in table


def test_the_least_change_is_taken_unless_another_is_asked_for(fix: Fix, tmp_path: Path) -> None:
    plan = fix("--json")
    [step] = [one for one in plan["Changes"] if one["Type"] == "docker"]
    assert (step["From"], step["To"], step["Removes"]) == (["1.2.3"], "1.2.10", ["CVE-2024-1"])
    assert any(
        one.startswith("other bases: 1.2.3, 1.2.10-alpine, 2.0.1") for one in plan["Remarks"]
    )
    fix("--base", "major", "--write")
    text = (tmp_path / "Dockerfile").read_text()
    assert text.partition("/")[2] == "base:2.0.1\n# ours\nRUN apt-get update\n"
    assert "there is no such tag" in fix("--base", "slim", status=2)


def test_a_tag_that_was_built_anew(fix: Fix, family: Family) -> None:
    family.images = {"1.2.3": family.images["1.2.10"], "own": family.images["own"]}
    plan = fix("--json")
    [step] = [one for one in plan["Changes"] if one["Type"] == "docker"]
    assert step["To"] == "1.2.3, as it is now"
    assert plan["Files"] == []
    assert any("build with --pull" in one for one in plan["Remarks"])


def test_a_base_that_is_as_it_was_is_no_change(fix: Fix, family: Family) -> None:
    family.images = {name: family.images[name] for name in ("1.2.3", "own")}
    assert [one for one in fix("--json")["Changes"] if one["To"].startswith("1.")] == []


def test_without_a_dockerfile_packages_can_be_patched(fix: Fix) -> None:
    plan = fix("--json", dockerfile=False)
    assert plan["Files"] == []
    assert any("`pratique patch` replaces them" in one for one in plan["Remarks"])
    assert [one["Name"] for one in plan["Changes"]] == ["bash"]


def test_stages_that_are_not_shipped_follow(fix: Fix, tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    base = path.read_text().split()[1]
    path.write_text(
        f"FROM {base} AS build\nRUN make\nFROM scratch AS none\nFROM {base}\nCOPY --from=build /x /\n"
    )
    plan = fix("--json", "--write")
    newer = base.replace("1.2.3", "1.2.10")
    assert path.read_text() == (
        f"FROM {newer} AS build\nRUN make\nFROM scratch AS none\nFROM {newer}\nCOPY --from=build /x /\n"
    )
    assert f"{base} -> 1.2.10, of a stage that is not in the image" in plan["Remarks"]
    assert fix("--json")["Files"] == []
