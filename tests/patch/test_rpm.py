"""Images of RPM distributions, patched, and judged by rpm itself; repositories that lie."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from images import advisory
from loopback import Answer, Asked, serve
from pratique.cli import main
from pratique.codecs import rpmpackage
from pratique.codecs.rpmheader import Header
from pratique.errors import MalformedError, PratiqueError
from pratique.patch.rpmdb import _ARRAYS, _STRINGS
from pratique.patch.rpmunpacking import entries
from rpm_lab import Lab, need_tools

OLD = {"usr/bin/lab": b"#!/bin/sh\necho one\n", "etc/lab.conf": b"a=1\n", "etc/plain.conf": b"b=1\n",
       "usr/share/doc/lab/README": b"doc", "usr/lib/lab/old": b"old" * 1000,
       "usr/lib/lab/same": b"same"}  # fmt: skip
NEW = {**OLD, "usr/bin/lab": b"#!/bin/sh\necho two\n", "etc/lab.conf": b"a=2\n",
       "etc/plain.conf": b"b=2\n", "usr/lib/lab/new": b"new" * 1000}  # fmt: skip
del NEW["usr/lib/lab/old"]
ATTRIBUTES = {"etc/lab.conf": "%config(noreplace)", "etc/plain.conf": "%config",
              "usr/share/doc/lab/README": "%doc", "usr/bin/lab": "%attr(4755,svc,svc)"}  # fmt: skip
TAGS = "Requires: dep >= {}\nProvides: lab-cap = 1.0\nRequires: /bin/sh"


class Patching:
    """A lab, and an image of its root."""

    def __init__(self, folder: Path) -> None:
        self.lab = Lab(folder)
        self.folder, self.out = folder, folder / "out"
        self.changed: dict[str, bytes] = {}
        """What the repository serves at some paths instead."""

    def install(self, *, post: str = "", words: tuple[str, ...] = ()) -> None:
        """Install the old version of two packages that go together, and one more."""
        lab = self.lab
        old = lab.build(
            "lab", "1", OLD, attributes=ATTRIBUTES, sections=post, tags=TAGS.format("1.0")
        )
        lab.install(old, lab.build("dep", "1", {"usr/lib/dep": b"1"}),
                    lab.build("other", "1", {"usr/lib/other": b"1"}), words=words)  # fmt: skip

    def publish(
        self, *, post: str = "", sign: str = "vendor@example.com", index: bool = True
    ) -> None:
        lab = self.lab
        new = lab.build("lab", "2", NEW, attributes=ATTRIBUTES, sections=post, sign=sign,
                        tags=TAGS.format("1.0-2"))  # fmt: skip
        lab.publish(new, lab.build("dep", "2", {"usr/lib/dep": b"2"}, sign=sign), sign=index)

    def patch(self, *words: str) -> int:
        image = self._image()
        records = self.folder / "advisories"
        records.mkdir(exist_ok=True)
        record = advisory("TEST-1", "AlmaLinux:9", "lab", "1.0-2")
        (records / "TEST-1.json").write_text(json.dumps(record))
        with serve(self._answer) as server:
            return main(["patch", "--input", str(image), "-t", "lab:2", "-o", f"layout={self.out}",
                         "--mirror", server.url, "--advisories", str(records), "--offline",
                         "--cache-dir", str(self.folder / "cache"), *words])  # fmt: skip

    def _answer(self, asked: Asked) -> Answer:
        path = asked.path.lstrip("/")
        if path in self.changed:
            return Answer(body=self.changed[path])
        file = self.lab.repo / path
        return Answer(body=file.read_bytes()) if file.is_file() else Answer(404)

    def _image(self) -> Path:
        layer = self.folder / "layer.tar"
        subprocess.run(["tar", "-C", str(self.lab.root), "-cf", str(layer), "."], check=True)
        diff_id = f"sha256:{hashlib.sha256(layer.read_bytes()).hexdigest()}"
        config = {"os": "linux", "architecture": "amd64",
                  "rootfs": {"type": "layers", "diff_ids": [diff_id]}}  # fmt: skip
        (self.folder / "c.json").write_text(json.dumps(config))
        saved = [{"Config": "c.json", "RepoTags": ["lab:1"], "Layers": ["layer.tar"]}]
        (self.folder / "manifest.json").write_text(json.dumps(saved))
        image = self.folder / "image.tar"
        with tarfile.open(image, "w") as archive:
            for name in ("c.json", "manifest.json", "layer.tar"):
                archive.add(self.folder / name, name)
        return image

    def manifest(self) -> dict[str, Any]:
        top = json.loads((self.out / "index.json").read_text())["manifests"][0]
        found: dict[str, Any] = json.loads(self._blob(top["digest"]))
        return found

    def _blob(self, digest: str) -> bytes:
        return (self.out / "blobs/sha256" / digest[7:]).read_bytes()

    def unpacked(self) -> Path:
        """Return a root with all layers, as an engine unpacks them."""
        target = self.folder / "patched"
        shutil.rmtree(target, ignore_errors=True)
        for layer in self.manifest()["layers"]:
            data = self._blob(layer["digest"])
            data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
            archive = self.folder / "layer"
            archive.write_bytes(data)
            with tarfile.open(archive) as tar:
                for name in tar.getnames():
                    folder, _, base = name.rpartition("/")
                    if base.startswith(".wh."):
                        gone = target / folder / base[4:]
                        shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
            target.mkdir(exist_ok=True)
            subprocess.run(["tar", "-C", str(target), "--exclude=.wh.*", "--keep-directory-symlink", "-xpf", str(archive)],
                           check=True)  # fmt: skip
        return target

    def rpm(self, *words: str) -> str:
        return self.lab.rpm(*words, root=self.folder / "patched")


@pytest.fixture
def patching(tmp_path: Path) -> Patching:
    need_tools()
    return Patching(tmp_path)


def test_rpm_agrees_with_what_was_made(patching: Patching) -> None:
    patching.install(words=("--excludedocs",), post="%post\necho hello\n")
    (patching.lab.root / "etc/lab.conf").write_text("a=mine\n")
    (patching.lab.root / "etc/plain.conf").write_text("b=mine\n")
    patching.publish(post="%post\necho hello\n")
    assert patching.patch() == 5  # the distribution's own advisories are not at hand
    root = patching.unpacked()
    assert sorted(patching.rpm("-qa").split()) == [
        "dep-1.0-2.x86_64", "lab-1.0-2.x86_64", "other-1.0-1.x86_64"
    ]  # fmt: skip
    assert patching.rpm("-V", "--nodeps", "lab", "dep", "other").split() == [
        "S.5......",
        "c",
        "/etc/lab.conf",
    ]
    assert (root / "etc/lab.conf.rpmnew").read_bytes() == NEW["etc/lab.conf"]
    assert (root / "etc/plain.conf").read_bytes() == NEW["etc/plain.conf"]
    assert (root / "etc/plain.conf.rpmsave").read_text() == "b=mine\n"
    assert not (root / "usr/lib/lab/old").exists()
    assert not (root / "usr/share/doc/lab/README").exists()
    assert (root / "usr/bin/lab").stat().st_mode & 0o7777 == 0o4755
    assert (root / "usr/bin/lab").stat().st_uid == 77
    assert "not installed /usr/share/doc/lab/README" in patching.rpm("-q", "--state", "lab")
    assert patching.rpm("-q", "--whatprovides", "lab-cap") == "lab-1.0-2.x86_64\n"
    assert patching.rpm("-qf", "/usr/lib/lab/new") == "lab-1.0-2.x86_64\n"
    said = subprocess.run(["sh", str(root / "usr/bin/lab")], check=True, capture_output=True)
    assert said.stdout == b"two\n"
    patching.rpm("-e", "lab")
    assert not (root / "usr/bin/lab").exists()


def test_the_indexes_are_those_that_rpm_makes_itself(patching: Patching) -> None:
    import sqlite3  # noqa: PLC0415 - of this test alone

    patching.install()
    patching.publish()
    patching.patch()
    root = patching.unpacked()
    database = root / "var/lib/rpm/rpmdb.sqlite"

    def rows() -> dict[str, list[Any]]:
        with sqlite3.connect(database) as connection:
            names = [*_ARRAYS, *_STRINGS, "Installtid", "Sigmd5"]
            return {name: sorted(connection.execute(f'SELECT key, idx FROM "{name}"'))
                    for name in names}  # fmt: skip

    ours = rows()
    subprocess.run(["rpmdb", "--root", str(root), "--dbpath", "/var/lib/rpm", "--define",
                    "_db_backend sqlite", "--rebuilddb"], check=True)  # fmt: skip
    assert ours == rows()


def test_the_same_input_gives_the_same_image(
    patching: Patching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    patching.install()
    patching.publish()
    patching.patch()
    first = patching.manifest()
    shutil.rmtree(patching.out)
    patching.patch()
    assert patching.manifest()["layers"] == first["layers"]
    assert first["layers"][-1]["size"] < 60_000


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ("package", "is not the package that the index names"),
        ("primary", "is not what repomd.xml names"),
        ("repomd", "the signature is not good"),
        ("short", "is not the package that the index names"),
    ],
)
def test_a_repository_that_lies(
    patching: Patching, capsys: pytest.CaptureFixture[str], lie: str, said: str
) -> None:
    patching.install()
    patching.publish()
    repo = patching.lab.repo
    [primary] = (path.name for path in (repo / "repodata").glob("*-primary.xml*"))
    names = {"package": "lab-1.0-2.x86_64.rpm", "short": "lab-1.0-2.x86_64.rpm",
             "primary": f"repodata/{primary}", "repomd": "repodata/repomd.xml"}  # fmt: skip
    data = (repo / names[lie]).read_bytes()
    wrong = data[:-100] if lie == "short" else re.sub(rb"(?s)(.{20})\Z", b"x" * 20, data)
    patching.changed[names[lie]] = wrong
    assert patching.patch() in (3, 4, 6)
    printed = capsys.readouterr()
    assert said in printed.err
    assert len(printed.err.strip().splitlines()) <= 2
    assert not patching.out.exists()


def test_what_nobody_signed_is_not_taken(
    patching: Patching, capsys: pytest.CaptureFixture[str]
) -> None:
    patching.install()
    patching.publish(sign="", index=False)
    assert patching.patch() == 4
    assert "nobody signed it, nor the index that names it" in capsys.readouterr().err
    patching.publish(sign="", index=True)
    assert patching.patch() == 5
    assert patching.out.exists()


def test_another_key_than_the_images(
    patching: Patching, capsys: pytest.CaptureFixture[str]
) -> None:
    patching.install()
    other = patching.lab.new_key("other@example.com")
    patching.publish(sign="other@example.com", index=False)
    assert patching.patch() == 4
    assert "the signature is not good" in capsys.readouterr().err
    keyring = patching.folder / "other.asc"
    keyring.write_bytes(other)
    assert patching.patch("--keyring", str(keyring)) == 5


def test_a_script_that_matters_leaves_the_package(
    patching: Patching, capsys: pytest.CaptureFixture[str]
) -> None:
    patching.install()
    patching.publish(post="%post\nuseradd -r lab\n")
    assert patching.patch() == 5
    assert "its post has to run: useradd -r lab" in capsys.readouterr().out
    assert not patching.out.exists()


def test_nothing_is_downgraded(patching: Patching, capsys: pytest.CaptureFixture[str]) -> None:
    patching.install()
    lab = patching.lab
    lab.publish(lab.build("lab", "0.5", OLD))
    assert patching.patch() == 5
    assert "the repositories have nothing newer" in capsys.readouterr().out


def test_a_locked_package_stays(patching: Patching, capsys: pytest.CaptureFixture[str]) -> None:
    patching.install()
    patching.publish()
    plugins = patching.lab.root / "etc/dnf/plugins"
    plugins.mkdir(parents=True)
    (plugins / "versionlock.list").write_text("lab-0:1.0-1.*\n")
    assert patching.patch() == 5
    assert "it is locked (versionlock)" in capsys.readouterr().out


def test_other_formats_of_the_database_are_refused(
    patching: Patching, capsys: pytest.CaptureFixture[str]
) -> None:
    from pratique.patch.root import Root  # noqa: PLC0415 - of this test alone
    from pratique.patch.rpmdb import Database  # noqa: PLC0415

    del capsys
    with pytest.raises(PratiqueError, match="Berkeley DB, ndb"):
        Database(Root(), str(patching.folder))


def test_headers_survive_installation(patching: Patching) -> None:
    made = patching.lab.build("lab", "2", NEW, attributes=ATTRIBUTES)
    with made.open("rb") as file:
        package = rpmpackage.read(file, "x")
    blob = rpmpackage.installed(package, [rpmpackage.number(1008, 7)], "x")
    old, new = Header(package.header), Header(blob)
    for tag in (1000, 1117, 1118, 1035, 1047):
        assert old.texts(tag) == new.texts(tag)
        assert old.text(tag) == new.text(tag)
    assert new.numbers(1008) == (7,)
    assert list(new.signatures())
    assert [one.path for one in entries(new, "x")] == sorted(NEW)


@given(st.binary(max_size=400), st.integers(0, 300))
def test_damaged_packages_are_one_clear_error(data: bytes, place: int) -> None:
    import io  # noqa: PLC0415 - of this test alone

    lead = b"\xed\xab\xee\xdb" + b"\0" * 92
    whole = lead + b"\x8e\xad\xe8\x01\0\0\0\0" + data
    for text in (data, whole, whole[:place] + b"\xff" + whole[place:]):
        try:
            rpmpackage.read(io.BytesIO(text), "x")
        except MalformedError:
            continue
