"""Each distribution that OSV publishes for is told by its files, and when it ends is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory import MemoryFile
from pratique.analyzers import apk, os_release
from pratique.codecs.osrelease import read, settle
from pratique.match import shard_of
from pratique.model.inventory import Distro, Package
from pratique.model.lifecycle import end_of_life

TODAY = "2026-11-25"


def told(files: dict[str, str]) -> Distro:
    found = settle(
        fact
        for path, text in files.items()
        for fact in os_release.analyze(MemoryFile(path, text.encode()))
    )
    assert found is not None
    return found


def release(id: str, version: str, name: str = "", like: str = "") -> dict[str, str]:
    lines = [f"ID={id}", f'VERSION_ID="{version}"', f'PRETTY_NAME="{name}"', f"ID_LIKE={like}"]
    return {"etc/os-release": "\n".join(lines) + "\n"}


@pytest.mark.parametrize(
    ("files", "kind", "shard"),
    [
        (release("almalinux", "9.4"), "rpm", "AlmaLinux:9"),
        (release("alpaquita", "stream", "BellSoft Alpaquita Linux Stream (musl)", "alpine"), "apk",
         "Alpaquita:stream"),
        (release("alpine", "3.20.1"), "apk", "Alpine:v3.20"),
        (release("azurelinux", "3.0"), "rpm", "Azure Linux:3"),
        (release("mariner", "2.0"), "rpm", "Azure Linux:2"),
        (release("bellsoft-hardened-containers", "25"), "apk", "BellSoft Hardened Containers:25"),
        (release("chainguard", "20230214"), "apk", "Chainguard"),
        (release("debian", "12"), "deb", "Debian:12"),
        (release("echo", "1", "Echo OS"), "deb", "Echo"),
        (release("mageia", "9"), "rpm", "Mageia:9"),
        (release("minimos", "20241031"), "apk", "MinimOS"),
        (release("openEuler", "24.03", "openEuler 24.03 (LTS-SP1)"), "rpm",
         "openEuler:24.03-LTS-SP1"),
        (release("opensuse-leap", "15.6", "openSUSE Leap 15.6"), "rpm", "openSUSE:Leap 15.6"),
        (release("rocky", "9.3"), "rpm", "Rocky Linux:9"),
        (release("ubuntu", "22.04"), "deb", "Ubuntu:22.04:LTS"),
        (release("wolfi", "20230201"), "apk", "Wolfi"),
        # what nobody publishes for under this name is said not to be checked, not taken for Alpine
        (release("dhi", "3.24", "Docker Hardened Images (Alpine 3.24)", "alpine"), "apk", ""),
        ({"bin/freebsd-version": '#!/bin/sh\nUSERLAND_VERSION="14.2-RELEASE-p1"\n'}, "deb", ""),
    ],
)  # fmt: skip
def test_a_distribution_is_told_and_has_its_shard(
    files: dict[str, str], kind: str, shard: str
) -> None:
    assert shard_of(Package("db", "x", kind, "zlib", "1.0"), told(files)) == shard


def test_cleanstart_is_told_by_a_package_for_it_has_no_file() -> None:
    data = b"P:busybox\nV:1.37.0-r30\n\nP:clnstrt-baselayout\nV:3.6.5-r0\n\n"
    facts = list(apk.analyze(MemoryFile("lib/apk/db/installed", data)))
    found = settle(fact for fact in facts if isinstance(fact, Distro))
    assert found is not None
    assert shard_of(Package("db", "apk", "apk", "zlib", "1.0"), found) == "CleanStart"


@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        ("mageia-release", "Mageia release 8 (Official) for x86_64", ("mageia", "8")),
        ("openEuler-release", "openEuler release 22.03 (LTS-SP1)", ("openeuler", "22.03")),
        ("system-release", "Amazon Linux AMI release 2018.03", ("amzn", "2018.03")),
        ("sl-release", "Scientific Linux release 7.9 (Nitrogen)", ("scientific", "7.9")),
        ("anolis-release", "Anolis OS release 8.8", ("anolis", "8.8")),
        ("redhat-release", "CloudLinux release 8.10 (x)", ("cloudlinux", "8.10")),
        ("photon-release", "VMware Photon OS 4.0\nPHOTON_BUILD_NUMBER=1", ("photon", "4.0")),
    ],
)
def test_a_title_is_enough(name: str, line: str, expected: tuple[str, str]) -> None:
    found = told({f"etc/{name}": line})
    assert (found.id, found.version) == expected


def test_what_stands_in_etc_counts() -> None:
    files = release("echo", "1") | {"usr/lib/os-release": "ID=debian\nVERSION_ID=12\n"}
    assert told(files).id == "echo"


@pytest.mark.parametrize(
    ("distro", "ended"),
    [
        (Distro("", "openeuler", "22.03", "openEuler 22.03 (LTS-SP3)"), True),
        (Distro("", "openeuler", "24.03", "openEuler 24.03 (LTS-SP3)"), False),
        (Distro("", "openeuler", "24.03", "openEuler 24.03"), None),
        (Distro("", "mageia", "8"), True),
        (Distro("", "mageia", "9"), None),
        (Distro("", "freebsd", "14.2"), True),
        (Distro("", "freebsd", "99.0"), None),
        (Distro("", "ubuntu", "21.10"), True),
        (Distro("", "fedora", "30"), True),
        (Distro("", "alpine", "3.2.3"), True),
        (Distro("", "alpaquita", "stream"), False),
        (Distro("", "alpaquita", "23"), None),
        (Distro("", "photon", "3.0"), True),
        (Distro("", "guix", ""), False),
        (Distro("", "dhi", "3.24"), None),
        (Distro("", "echo", "1"), None),
    ],
)
def test_the_end_is_known_or_said_not_to_be(
    distro: Distro,
    ended: bool | None,
) -> None:
    assert end_of_life(distro, TODAY)[0] is ended


def test_real_files_are_told(corpus: Callable[[str], Path]) -> None:
    root = corpus("os-release")
    found = [
        (path, read(str(path.relative_to(root)), path.read_bytes()))
        for path in root.rglob("os-release")
        if path.is_file()
    ]
    unknown = [str(path) for path, distro in found if distro is None]
    assert len(found) > 30
    assert all("missing-version" in path for path in unknown)


@given(st.binary(max_size=300), st.sampled_from(["os-release", "lsb-release", "debian_version",
                                                 "redhat-release", "freebsd-version"]))  # fmt: skip
def test_any_bytes_say_something_or_nothing(data: bytes, name: str) -> None:
    read(f"etc/{name}", data)


@pytest.mark.parametrize("filler", [b" ", b"\n", b"A", b"=", b'"', b"1."])
def test_a_long_line_takes_no_long_time(filler: bytes) -> None:
    for name in ("os-release", "lsb-release", "redhat-release", "debian_version"):
        read(f"etc/{name}", b"ID=" + filler * 60_000 + b"x\n" + filler * 60_000 + b"=")
