from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.model.inventory import Distro, Package
from pratique.model.purl import Purl, parse, purl


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("pkg:npm/%40scope/name@1.0", Purl("npm", "@scope", "name", "1.0")),
        ("pkg:npm/@scope/name@1.0", Purl("npm", "@scope", "name", "1.0")),
        ("pkg:npm/@scope/name", Purl("npm", "@scope", "name")),
        ("pkg:npm/@name", Purl("npm", "", "@name")),
        ("PKG:NPM//a@1", Purl("npm", "", "a", "1")),
        ("pkg://npm/a@1", Purl("npm", "", "a", "1")),
        ("pkg:deb/debian/libstdc%2B%2B6@12.2.0-14?arch=amd64&distro=debian-12",
         Purl("deb", "debian", "libstdc++6", "12.2.0-14", {"arch": "amd64", "distro": "debian-12"})),
        ("pkg:deb/debian/a@1%3A2?upstream=b%401", Purl("deb", "debian", "a", "1:2", {"upstream": "b@1"})),
        ("pkg:golang/github.com/x/y@v1.0.0%2Bincompatible#/a/../b/",
         Purl("golang", "github.com/x", "y", "v1.0.0+incompatible", {}, "a/b")),
        ("pkg:generic/a?Checksum=&x", Purl("generic", "", "a")),
        ("pkg:a/%C3%A9@%FF", Purl("a", "", "é", "\ufffd")),
    ],
)  # fmt: skip
def test_a_purl_is_taken_apart(text: str, parts: Purl) -> None:
    assert parse(text) == parts


@pytest.mark.parametrize("text", ["", "x", "npm/a", "pkg:", "pkg:npm", "pkg:npm/", "pkg:npm/?a=b",
                                  "pkg:n pm/a", "pkg:npm/#x", "http://npm/a"])  # fmt: skip
def test_what_is_no_purl_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="purl"):
        parse(text)


@given(st.text())
def test_any_text_is_a_purl_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert parse("pkg:" + text).name


names = st.text(min_size=1, max_size=20).filter(lambda name: name.strip("/"))


@given(names, st.text(max_size=20))
def test_what_is_written_is_read(name: str, version: str) -> None:
    package = Package("p", "cargo", "cargo", name, version)
    parts = parse(purl(package))
    read = f"{parts.namespace}/{parts.name}" if parts.namespace else parts.name
    assert [part for part in read.split("/") if part] == [p for p in name.split("/") if p]
    assert parts.version == version


@given(st.from_regex(r"(\d:)?[a-z0-9.+~]+(-[a-z0-9]+)?", fullmatch=True))
def test_an_epoch_is_a_qualifier(version: str) -> None:
    distro = Distro("etc/os-release", "debian", "12")
    parts = parse(purl(Package("p", "dpkg", "deb", "a", version, "amd64"), distro))
    epoch = parts.qualifiers.get("epoch")
    assert (f"{epoch}:" if epoch else "") + parts.version == version
    assert parts.qualifiers["distro"] == "debian-12"
