from __future__ import annotations

import hashlib
import struct

import pytest

from executables import elf, pe
from locks import LOCKS
from pratique.analyzers.dotnet_bundle import dotnet_bundle
from reading import packages_of, read_as_far_as_possible, versions_of

MARK = hashlib.sha256(b".net core bundle\n").digest()
DEPS = (LOCKS / "dotnet/shop.deps.json").read_bytes()
VERSIONS = {
    "shop": "1.0.0",
    "Microsoft.NETCore.App.Runtime.linux-x64": "8.0.3",
    "Newtonsoft.Json": "13.0.3",
}


def bundle(major: int = 6, *, windows: bool = False, name: bytes = b"abcdef123456") -> bytes:
    """An application host with a deps.json appended, and the header that tells where it is."""

    def host(header_at: int) -> bytes:
        data = b"\1" * 24 + struct.pack("<Q", header_at) + MARK + b"\2" * 24
        return pe({".data": data}) if windows else elf({".text": b"x" * 99, ".data": data})

    deps_at = len(host(0)) + 2048
    header_at = deps_at + len(DEPS)
    header = struct.pack("<IIi", major, 0, 2) + bytes([len(name)]) + name
    header += struct.pack("<QQQQQ", deps_at, len(DEPS), 0, 0, 0)
    return host(header_at) + bytes(2048) + DEPS + header


@pytest.mark.parametrize("windows", [False, True])
@pytest.mark.parametrize("major", [2, 6])
def test_a_single_file_tells_the_packages_in_it(major: int, *, windows: bool) -> None:
    packages = packages_of(dotnet_bundle, "app/shop", bundle(major, windows=windows))
    assert versions_of(packages) == VERSIONS
    assert {(p.analyzer, p.inner, p.line) for p in packages} == {("dotnet-core", "deps.json", 0)}


def test_a_host_without_a_bundle_holds_nothing() -> None:
    host = elf({".data": bytes(8) + MARK})
    assert packages_of(dotnet_bundle, "app/shop", host) == []
    assert packages_of(dotnet_bundle, "app/shop", host + b"\0" * 4096) == []
    assert packages_of(dotnet_bundle, "app/shop", elf({".data": b"x"}) + bytes(4096)) == []
    assert packages_of(dotnet_bundle, "app/shop", b"\x7fELF") == []


@pytest.mark.parametrize(
    "data",
    [bundle(1), bundle(name=b"x" * 200), bundle()[:-60], bundle().replace(b's": {', b's": [')],
)
def test_a_broken_bundle_is_malformed(data: bytes) -> None:
    assert read_as_far_as_possible(dotnet_bundle, "app/shop", data)[1]
