"""The file system that layers make, and parsers of packages under hostile input."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpine_repository import apk
from debian_repository import File, control, deb, tar
from images import digest, docker_archive
from pratique.cli import main
from pratique.codecs import apkpackage, debrelease, debsources
from pratique.codecs import deb as debpackage
from pratique.errors import PratiqueError
from pratique.model.image import Digest, Image, Layer
from pratique.patch.root import Root, read_root, within


class _Layers:
    def __init__(self, *layers: dict[str, File]) -> None:
        self.tars = [tar(files) for files in layers]

    def images(self, _platform: str) -> tuple[Image, ...]:
        layers = tuple(Layer(Digest(digest(data))) for data in self.tars)
        return (Image("x", Digest("sha256:1"), layers),)

    def open(self, layer: Layer) -> Iterator[bytes]:
        return iter([next(data for data in self.tars if digest(data) == layer.diff_id)])

    def close(self) -> None:
        return


def root(*layers: dict[str, File]) -> Root:
    source = _Layers(*layers)
    return read_root(source.images("")[0], source, within(["etc", "var/lib"]))


def test_the_uppermost_counts_and_whiteouts_take_away() -> None:
    found = root(
        {"etc/a": b"old", "etc/b": b"b", "etc/c/d": b"d", "etc/e/f": b"f", "usr/x": b"x"},
        {
            "etc/a": b"new",
            "etc/.wh.b": b"",
            "etc/.wh.c": b"",
            "etc/e/.wh..wh..opq": b"",
            "etc/e/g": b"",
        },
    )
    assert found.read("etc/a") == b"new"
    files = {path for path, node in found.nodes.items() if node.kind == "file"}
    assert files == {"etc/a", "etc/e/g", "usr/x"}
    assert found.contents.keys() == {"etc/a", "etc/e/g"}
    assert found.nodes["usr"].kind == "directory"


def test_what_a_layer_writes_again_is_there_again() -> None:
    found = root({"etc/a/b": b"1"}, {"etc/.wh.a": b""}, {"etc/a/c": b"2"})
    assert {path for path, node in found.nodes.items() if node.kind == "file"} == {"etc/a/c"}


def test_a_file_hides_the_folder_below_it() -> None:
    found = root({"etc/a/b": b"1"}, {"etc/a": b"2"})
    assert found.read("etc/a/b") is None
    assert "etc/a/b" not in found.nodes


def test_links_are_followed_within_the_root() -> None:
    found = root({
        "lib": "usr/lib", "usr/lib/x": "../../../../etc/a", "etc/a": b"!", "etc/h": "=etc/a",
        "etc/l": "l", "var/lib/y": "/etc/a",
    })  # fmt: skip
    assert found.resolve("lib/x") == "usr/lib/x"
    assert found.follow("lib") == "usr/lib"
    assert found.read("lib/x") == found.read("var/lib/y") == found.read("etc/h") == b"!"
    assert found.read("etc/l") is None
    with pytest.raises(PratiqueError):
        found.follow("etc/l")


DEB = deb(control("a", "1"), {"x": b"y"})
APK, _ = apk("a", "1", {"x": b"y"})


def _read_deb(data: bytes) -> None:
    file = io.BytesIO(data)
    debpackage.read(file, "x")
    for _, content in debpackage.data(file, "x"):
        if content:
            content.read()


def _read_apk(data: bytes) -> None:
    file = io.BytesIO(data)
    for _ in apkpackage.data(file, apkpackage.read(file, "x"), "x"):
        pass


READERS: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "deb": (_read_deb, DEB),
    "apk": (_read_apk, APK),
    "index": (lambda data: apkpackage.signed_index(data, "x"), APK),
    "release": (
        lambda data: debrelease.read(data, "x"),
        b"Date: x\nSHA256:\n " + b"0" * 64 + b" 1 x\n",
    ),
    "list": (
        lambda data: list(debsources.one_line(data, "x")),
        b"deb [signed-by=/x] http://x y z\n",
    ),
    "deb822": (
        lambda data: list(debsources.deb822(data)),
        b"Types: deb\nURIs: http://x\nSuites: y\n",
    ),
}


@pytest.mark.parametrize("name", READERS)
@given(st.data())
def test_damaged_input_is_an_error_of_ours(name: str, data: st.DataObject) -> None:
    read, whole = READERS[name]
    at = data.draw(st.integers(0, len(whole)))
    piece = data.draw(st.binary(max_size=8))
    cut = data.draw(st.booleans())
    with suppress(PratiqueError):
        read(whole[:at] + piece + (b"" if cut else whole[at + len(piece) :]))


def test_images_of_other_distributions_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "image.tar"
    files: dict[str, File] = {
        "etc/os-release": b"ID=arch\n", "var/lib/pacman/local/bash-5.2-1/desc": b"%NAME%\nbash\n\n%VERSION%\n5.2-1\n",
    }  # fmt: skip
    path.write_bytes(docker_archive([tar(files)]))
    words = ["-t", "x:1", "-o", f"layout={tmp_path / 'out'}", "--offline"]
    status = main(["patch", "--input", str(path), *words, "--cache-dir", str(tmp_path / "c")])
    assert status == 2
    assert "cannot be patched without rebuilding" in capsys.readouterr().err
