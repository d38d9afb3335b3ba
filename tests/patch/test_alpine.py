"""Patched Alpine images, end to end: what is in the new layer, and what stops a patch."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from alpine_repository import NAME, OTHER, Repository, apk, checksum, public
from debian_repository import File, tar
from images import advisory, docker_archive, feed_mirror
from loopback import serve
from pratique.cli import main

OLD, NEW = "1.0-r0", "1.0-r1"
ROOT: dict[str, File] = {
    "etc/os-release": b'ID=alpine\nVERSION_ID=3.20.1\nPRETTY_NAME="Alpine Linux v3.20"\n',
    "etc/apk/arch": b"x86_64\n", "etc/apk/world": b"ours\n", f"etc/apk/keys/{NAME}": public(),
    "lib/libours.so.1": b"old", "usr/share/ours/gone": b"", "etc/ours.conf": b"shipped\n",
    "etc/changed.conf": b"of the image\n",
}  # fmt: skip
SHIPPED = checksum(b"shipped\n")
ENTRY = f"""C:{checksum(b"old control")}
P:ours
V:{OLD}
A:x86_64
S:100
s:tagged
F:etc
R:changed.conf
Z:{SHIPPED}
R:ours.conf
Z:{SHIPPED}
F:lib
R:libours.so.1
a:0:0:755
Z:{checksum(b"old")}
F:usr
F:usr/share
F:usr/share/ours
R:gone
Z:{checksum(b"")}

"""
FILES: dict[str, File] = {
    "etc": None, "etc/changed.conf": b"shipped again\n", "etc/ours.conf": b"shipped again\n",
    "lib": None, "lib/libours.so.1": (b"new", 0o755, 0, 0), "lib/libours.so": "libours.so.1",
}  # fmt: skip


class Lab:
    """An image, a repository, and the command that patches the one with the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "out"
        self.repository = Repository()
        self.files: dict[str, File] = dict(ROOT)
        self.installed = ENTRY

    def patch(self, *words: str) -> int:
        record = advisory("ALPINE-TEST-1", "Alpine:v3.20", "ours", NEW)
        mirror = feed_mirror(self.folder / "feeds", {"Alpine": [record]})
        with serve(self.repository.answer) as server:
            files = {**self.files, "lib/apk/db/installed": self.installed.encode(),
                     "etc/apk/repositories": f"{server.url}/main\n@edge http://x/y\n".encode()}  # fmt: skip
            image = self.folder / "image.tar"
            image.write_bytes(docker_archive([tar(files)]))
            return main([
                "patch", "--input", str(image), "-t", "lab/ours:2", "-o", f"layout={self.out}",
                "--feed-mirror", str(mirror), "--cache-dir", str(self.folder / "cache"),
                *words,
            ])  # fmt: skip

    def layer(self) -> dict[str, tarfile.TarInfo]:
        return {info.name: info for info in self._tar().getmembers()}

    def read(self, name: str) -> bytes:
        file = self._tar().extractfile(name)
        assert file
        return file.read()

    def _tar(self) -> tarfile.TarFile:
        index = json.loads((self.out / "index.json").read_text())
        manifest: Any = json.loads(self._blob(index["manifests"][0]["digest"]))
        return tarfile.open(fileobj=io.BytesIO(self._blob(manifest["layers"][-1]["digest"])))

    def _blob(self, digest: str) -> bytes:
        return (self.out / "blobs/sha256" / digest[7:]).read_bytes()


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def test_the_layer_and_the_database(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    lab.installed += f"C:{checksum(b'other')}\nP:other\nV:1\nA:noarch\nF:usr\nF:usr/share\n\n"
    lab.repository.add("ours", NEW, FILES)
    assert lab.patch() == 0
    assert "removed: ALPINE-TEST-1" in capsys.readouterr().out
    layer = lab.layer()
    assert lab.read("lib/libours.so.1") == b"new"
    assert layer["lib/libours.so"].linkname == "libours.so.1"
    assert {name for name in layer if ".wh." in name} == {"usr/share/.wh.ours"}
    assert lab.read("etc/ours.conf") == b"shipped again\n"
    assert "etc/changed.conf" not in layer
    assert lab.read("etc/changed.conf.apk-new") == b"shipped again\n"
    entry, other, _ = lab.read("lib/apk/db/installed").decode().split("\n\n")
    again = checksum(b"shipped again\n")
    assert entry.splitlines()[1:] == [
        "P:ours", f"V:{NEW}", "A:x86_64", entry.splitlines()[4], "T:a test", "s:tagged",
        "F:etc", "R:changed.conf", f"Z:{again}", "R:ours.conf", f"Z:{again}",
        "F:lib", "R:libours.so.1", "a:0:0:755", f"Z:{checksum(b'new')}",
        "R:libours.so", "a:0:0:777", f"Z:{checksum(b'libours.so.1')}",
    ]  # fmt: skip
    assert "P:other" in other


def test_what_the_fix_needs_comes_along(lab: Lab) -> None:
    lab.repository.add("ours", NEW, FILES, D="so:libfresh.so.1>=1 !rival")
    lab.repository.add("fresh", "2-r0", {"lib/libfresh.so.1": b"!"}, p="so:libfresh.so.1=1.5")
    assert lab.patch() == 0
    assert "P:fresh" in lab.read("lib/apk/db/installed").decode()


def test_scripts_that_ran_at_installation_are_kept_anew(
    lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    script = b"#!/bin/sh\nadduser -S ours\n"
    old = f"ours-{OLD}.{checksum(b'old control')}.post-upgrade"
    lab.files["lib/apk/db/scripts.tar"] = tar({old: script})
    lab.files["lib/apk/db/triggers"] = f"{checksum(b'old control')} /usr/ours/*\n".encode()
    lab.repository.add("ours", NEW, FILES, {"post-upgrade": script})
    assert lab.patch() == 0
    assert "post-upgrade" in capsys.readouterr().out
    with tarfile.open(fileobj=io.BytesIO(lab.read("lib/apk/db/scripts.tar"))) as archive:
        [name] = archive.getnames()
    _, sum_ = apk("ours", NEW, FILES, {"post-upgrade": script})
    assert name == f"ours-{NEW}.{sum_}.post-upgrade"
    assert lab.read("lib/apk/db/triggers") == f"{sum_} /usr/ours/*\n".encode()


def _pinned(lab: Lab) -> None:
    lab.files["etc/apk/world"] = f"ours={OLD}\n".encode()
    lab.repository.add("ours", NEW, FILES)


def _older(lab: Lab) -> None:
    lab.repository.add("ours", "0.9-r9", FILES)


def _script(lab: Lab) -> None:
    lab.repository.add("ours", NEW, FILES, {"post-upgrade": b"adduser -S ours\n"})


def _trigger(lab: Lab) -> None:
    lab.installed += f"C:{checksum(b'schemas')}\nP:schemas\nV:1\nA:noarch\n\n"
    lab.files["lib/apk/db/triggers"] = f"{checksum(b'schemas')} /lib:/usr/*\n".encode()
    lab.repository.add("ours", NEW, FILES)


def _needs(lab: Lab) -> None:
    lab.repository.add("ours", NEW, FILES, D="nowhere~2")


STAYS: Mapping[str, tuple[Callable[[Lab], None], str]] = {
    "pinned": (_pinned, "/etc/apk/world needs ours (= 1.0-r0)"),
    "older": (_older, "nothing newer"),
    "script": (_script, "its post-upgrade has to run: adduser -S ours"),
    "trigger": (_trigger, "/lib sets off a trigger of schemas"),
    "needs": (_needs, "ours needs nowhere (~ 2)"),
}


@pytest.mark.parametrize("name", STAYS)
def test_what_stays(lab: Lab, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    make, why = STAYS[name]
    make(lab)
    assert lab.patch() == 0
    assert why in " ".join(capsys.readouterr().out.split())
    assert not lab.out.exists()


def _untrusted(lab: Lab) -> None:
    lab.repository.key = OTHER


def _unsigned(lab: Lab) -> None:
    lab.repository.changed["/main/x86_64/APKINDEX.tar.gz"] = b"\x1f\x8b nothing"


def _other(lab: Lab) -> None:
    other, _ = apk("ours", NEW, {"lib/evil": b""})
    path = f"/main/x86_64/ours-{NEW}.apk"
    size = len(lab.repository.packages[path])
    lab.repository.changed[path] = other + bytes(max(0, size - len(other)))


def _tampered(lab: Lab) -> None:
    path = f"/main/x86_64/ours-{NEW}.apk"
    data = lab.repository.packages[path]
    lab.repository.changed[path] = data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]


def _leads_out(lab: Lab) -> None:
    lab.repository.packages, lab.repository.entries = {}, []
    lab.repository.add("ours", NEW, {"../evil": b""})


LIES: Mapping[str, tuple[Callable[[Lab], None], str]] = {
    "untrusted": (_untrusted, "signature is not good"),
    "unsigned": (_unsigned, "APKINDEX.tar.gz"),
    "other": (_other, "apk"),
    "tampered": (_tampered, "not those that it was signed with"),
    "leads out": (_leads_out, "leads out of the package"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_repository_that_lies_stops_the_patch(
    lab: Lab, lie: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lab.repository.add("ours", NEW, FILES)
    tell, word = LIES[lie]
    tell(lab)
    assert lab.patch() in (3, 4)
    said = capsys.readouterr().err
    assert word in said
    assert "a bug" not in said
    assert not lab.out.exists()
