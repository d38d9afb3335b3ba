from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.cache import MemoryCache
from pratique.codecs.symlink import resolve
from pratique.inventory import Analyzers, take_inventory
from pratique.inventory.directory import read_directory
from pratique.model.image import Digest, Image, Layer
from pratique.model.inventory import Inventory
from pratique.model.settings import Settings

ANALYZERS = Analyzers("installed")
RELEASE = b'ID=nixos\nVERSION_ID="24.05"\n'
STORE = "nix/store/0c9wmvxnbm8k3i1pk7bz3ag7yqz1g2ab-etc-os-release"


def layer(files: Mapping[str, bytes], links: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, target in links.items():
            entry = tarfile.TarInfo(path)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            archive.addfile(entry)
        for path, data in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def inventory(*layers: bytes) -> Inventory:
    ids = [Digest(f"sha256:{hashlib.sha256(data).hexdigest()}") for data in layers]
    image = Image("x", Digest(""), tuple(Layer(id) for id in ids))

    def read(layer: Layer) -> Iterator[bytes]:
        return iter([layers[ids.index(layer.diff_id)]])

    return take_inventory(image, read, ANALYZERS, MemoryCache())


def distro(*layers: bytes) -> str:
    found = inventory(*layers).distro
    return f"{found.id} {found.version} {found.path}" if found else ""


NIXOS = "nixos 24.05 etc/os-release"


def test_a_link_to_another_name_is_followed() -> None:
    assert distro(layer({STORE: RELEASE}, {"etc/os-release": f"/{STORE}"})) == NIXOS


def test_a_link_into_another_layer_is_followed() -> None:
    above = layer({}, {"etc/os-release": f"../{STORE}"})
    assert distro(layer({STORE: RELEASE}, {}), layer({"x": b""}, {}), above) == NIXOS


def test_links_of_folders_and_of_links_are_followed() -> None:
    links = {
        "etc/os-release": "/etc/static/os-release",
        "etc/static": "/nix/store/abc-etc/etc",
        "nix/store/abc-etc/etc/os-release": f"/{STORE}",
    }
    assert distro(layer({STORE: RELEASE}, links)) == NIXOS


def test_what_is_deleted_is_not_followed() -> None:
    below = layer({STORE: RELEASE}, {"etc/os-release": f"/{STORE}"})
    assert distro(below, layer({"nix/.wh.store": b""}, {})) == ""
    assert distro(below, layer({"etc/.wh.os-release": b""}, {})) == ""


def test_a_usual_link_is_not_read_twice() -> None:
    data = layer({"usr/lib/os-release": RELEASE}, {"etc/os-release": "../usr/lib/os-release"})
    assert distro(data) == "nixos 24.05 usr/lib/os-release"


@pytest.mark.parametrize("target", ["os-release", "/etc/os-release", "/nowhere", "../../../../x"])
def test_a_link_that_leads_nowhere_says_nothing(target: str) -> None:
    found = inventory(layer({"y": b""}, {"etc/os-release": target}))
    assert (found.distro, found.problems) == (None, ())


def test_what_is_broken_behind_a_link_is_a_problem() -> None:
    link = "app/node_modules/a/package.json"
    found = inventory(layer({"store/manifest": b"{", "../x": b""}, {link: "/store/manifest"}))
    assert [(p.where, p.layer) for p in found.problems] == [("../x", 0), ("store/manifest", 0)]
    good = b'{"name": "a", "version": "1.0.0"}'
    [package] = inventory(layer({"store/manifest": good}, {link: "/store/manifest"})).packages
    assert (package.name, package.path, package.introduced) == ("a", link, 0)


def test_of_very_many_links_the_others_are_a_problem() -> None:
    links = {f"node_modules/a{n}/package.json": f"/store/{n}" for n in range(1010)}
    files = {f"store/{n}": b'{"name": "a", "version": "1.0.0"}' for n in range(1010)}
    found = inventory(layer(files, links))
    assert len(found.packages) == 1000
    assert [problem.what for problem in found.problems] == ["10 symbolic links are not followed"]


def test_a_directory_s_link_stays_inside(tmp_path: Path) -> None:
    (tmp_path / "root/etc").mkdir(parents=True)
    (tmp_path / "outside").write_bytes(b"ID=debian\n")
    (tmp_path / "root/store").write_bytes(RELEASE)
    link = tmp_path / "root/etc/os-release"
    link.symlink_to("../../outside")
    settings = Settings()
    assert read_directory(str(tmp_path / "root"), ANALYZERS, settings).distro is None
    link.unlink()
    link.symlink_to("/store")
    found = read_directory(str(tmp_path / "root"), ANALYZERS, settings).distro
    assert found is not None
    assert (found.id, found.path) == ("nixos", "etc/os-release")


@given(st.dictionaries(st.sampled_from(["a", "a/b", "b", "c"]),
                       st.sampled_from(["a", "../a", "/b", "b/c", "..", ".", "c/c/c"])))  # fmt: skip
def test_every_path_ends_somewhere_or_nowhere(links: dict[str, str]) -> None:
    for path in ("a/b/c", "b", "../x"):
        end = resolve(path, links.get)
        assert end is None or ".." not in end.split("/")
        assert end is None or links.get(end) is None
