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


def test_what_does_not_build_is_not_taken_unasked(fix: Fix, family: Family, tmp_path: Path) -> None:
    bare = {"etc/os-release": DEBIAN, "var/lib/dpkg/status": dpkg_status([("bash", "5.2-9")])}
    family.images["1.2.10"] = family.layout.image(bare)
    plan = fix("--json")
    assert [
        one for one in plan["Changes"] if one["Type"] == "docker" and "1.2.10" in one["To"]
    ] == []
    assert any("1.2.10 is not taken: line 3 runs apt-get" in one for one in plan["Remarks"])
    asked = fix("--json", "--base", "patch")
    assert any("1.2.10 will not do: line 3 runs apt-get" in one for one in asked["Remarks"])


def test_a_patch_that_removes_nothing_is_not_taken(fix: Fix, family: Family) -> None:
    family.images["1.2.10"] = family.images["1.2.3"]
    plan = fix("--json")
    assert [one["To"] for one in plan["Changes"]] == ["fixed versions"]
    assert any("1.2.10 is not taken: it removes nothing" in one for one in plan["Remarks"])


def test_a_tag_in_two_arguments(fix: Fix, family: Family, tmp_path: Path) -> None:
    """Where both parts move, both defaults do."""
    family.images = {"1.2.3-slim-bullseye": family.images["1.2.3"],
                     "1.2.10-slim-bookworm": family.images["1.2.10"],
                     "own": family.images["own"]}  # fmt: skip
    path = tmp_path / "Dockerfile"
    base = path.read_text().split()[1].removesuffix(":1.2.3")
    text = f'ARG V=1.2.3\nARG SUITE="bullseye"\nFROM {base}:${{V}}-slim-$SUITE\n'
    path.write_text(text)
    fix("--base", "suite", "--write")
    changed = text.replace("1.2.3", "1.2.10").replace("bullseye", "bookworm")
    lines = path.read_text().splitlines(keepends=True)
    assert "".join(lines[:3]) == changed
    fix("--base", "1.2.10-slim-bookworm", "--write")
    assert path.read_text().startswith(changed)


def test_the_base_that_a_manifest_names(fix: Fix, family: Family, tmp_path: Path) -> None:
    base = (tmp_path / "Dockerfile").read_text().split()[1]
    manifest = json.loads(family.layout.read(family.images["own"]["digest"]))
    manifest["annotations"] = {"org.opencontainers.image.base.name": base}
    family.images["own"] = family.layout.document(manifest, manifest["mediaType"])
    plan = fix("--json", dockerfile=False)
    [step] = [one for one in plan["Changes"] if one["Name"] == base.rpartition(":")[0]]
    assert (step["From"], step["To"]) == (["1.2.3"], "1.2.10")
    assert plan["Files"] == []


def test_bases_are_of_the_platform_of_the_image(fix: Fix, family: Family) -> None:
    """Whatever this machine is."""
    for name, files in (("own", (BASE, {**APP, **CURL})), ("1.2.3", (BASE,))):
        family.images[name] = family.layout.image(*files, platform="linux/s390x")
    plan = fix("--json", "--platform", "linux/s390x")
    assert any("s390x" in one for one in plan["Remarks"] if one.startswith("base image: "))
    found = fix("--candidates", "--json", "--platform", "linux/s390x")
    assert [one["Kind"] for one in found["Candidates"]] == ["rebuilt"]
    assert len(found["NotWeighed"]) == 3


def test_credentials_go_to_the_images_own_registry_alone(
    fix: Fix, family: Family, tmp_path: Path
) -> None:
    seen: list[str] = []

    def answer(asked: Asked) -> Answer:
        seen.append(asked.headers.get("authorization", ""))
        return Answer(401, headers={"WWW-Authenticate": 'Basic realm="other"'})

    with serve(answer) as other:
        (tmp_path / "Dockerfile").write_text(f"FROM {other.host}/base:1.2.3\nRUN true\n")
        plan = fix("--json", "--username", "me", "--password", "correct horse")
    assert seen
    assert set(seen) == {""}
    assert any(one.startswith("base image: ") for one in plan["Remarks"])
