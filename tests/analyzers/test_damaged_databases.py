"""No database, however damaged, is worse than malformed, nor takes long to find so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from memory import MemoryFile
from pratique.analyzers import (
    bitnami,
    bottlerocket,
    dpkg,
    flatpak,
    homebrew,
    kernel,
    opkg,
    pacman,
    portage,
    rocks,
    snap,
    store,
    wordpress,
)
from pratique.errors import MalformedError
from pratique.model.inventory import Fact, OwnedFiles, Package
from system_samples import (
    APP,
    CONTENTS,
    INVENTORY,
    PLUGIN,
    QUERY,
    RECEIPT,
    SNAP,
    THEME,
    WALL,
)

Analyze = Callable[[MemoryFile], Iterator[Fact]]
TAGGED = b"""PackageName: x
PackageLicenseDeclared: MIT
ExternalRef: PACKAGE-MANAGER purl pkg:bitnami/x%2Dy@1.0?arch=amd64
"""
SPDX = b"""{"packages": [{"licenseDeclared": "MIT", "externalRefs": [
  {"referenceType": "purl", "referenceLocator": "pkg:bitnami/x@1"}]}]}"""
STATUS = b"""Package: a
Version: 1
Source: b (2)

Package: c
Status: install ok installed
Version: 3
Built-Using: g (= 1)
"""
EXAMPLES: list[tuple[Analyze, str, bytes]] = [
    (bitnami._analyze, "opt/bitnami/x/.spdx-x.spdx", TAGGED),
    (bitnami._analyze, "opt/bitnami/x/.spdx-x.spdx", SPDX),
    (bottlerocket._analyze, "usr/share/bottlerocket/application-inventory.json", INVENTORY),
    (dpkg.analyze, "var/lib/dpkg/status", STATUS),
    (dpkg.owned, "var/lib/dpkg/info/a.list", b"/.\n/usr/bin/a\n"),
    (flatpak.application, APP.format("org.gimp.GIMP.xml"), b'<release date="x" version="1"/>'),
    (flatpak.runtime, "var/lib/flatpak/runtime/r/x86_64/1/c/metadata", b"[Runtime]\nname=r\n"),
    (homebrew._analyze, "usr/local/Cellar/a/1/INSTALL_RECEIPT.json", RECEIPT),
    (kernel._analyze, "boot/vmlinuz-1", b"\0" * 0x202 + b"HdrS" + b"\0" * 10 + b"6.1.0\0"),
    (opkg.analyze, "usr/lib/opkg/status", b"Package: a\nVersion: 1\nStatus: install ok installed\n"),
    (opkg.owned, "usr/lib/opkg/info/a.list", b"/bin/a\t0\n"),
    (pacman.analyze, "var/lib/pacman/local/a-1-1/desc", b"%NAME%\na\n\n%VERSION%\n1-1\n"),
    (pacman.owned, "var/lib/pacman/local/a-1-1/files", b"%FILES%\nusr/\nusr/a\n"),
    (portage.analyze, "var/db/pkg/a/b-1/CONTENTS", CONTENTS),
    (rocks.wall, "var/lib/chisel/manifest.wall", zstandard.compress(WALL)),
    (rocks.query, "usr/share/rocks/dpkg.query", QUERY),
    (snap._analyze, "meta/snap.yaml", SNAP),
    (store.analyze, "", b"nix/store/0123456789abcdfghijklmnpqrsvwxyz-a-1.0/x"),
    (wordpress.core, "wp-includes/version.php", b"$wp_version = '6.4';"),
    (wordpress.plugin, "wp-content/plugins/a/a.php", PLUGIN),
    (wordpress.theme, "wp-content/themes/a/style.css", THEME),
]  # fmt: skip
each = pytest.mark.parametrize(
    ("analyze", "path", "data"), EXAMPLES, ids=[f"{e[0].__module__}-{n}" for n, e in enumerate(EXAMPLES)]
)  # fmt: skip


@each
@given(cuts=st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 3), st.binary(max_size=8)),
                     max_size=6))  # fmt: skip
def test_a_mutated_file_is_malformed_at_worst(
    analyze: Analyze, path: str, data: bytes, cuts: list[tuple[int, int, bytes]]
) -> None:
    changed = data
    for at, gone, new in cuts:
        place = at % (len(changed) + 1)
        changed = changed[:place] + new + changed[place + gone :]
    with suppress(MalformedError):
        for fact in analyze(MemoryFile(path, changed)):
            assert isinstance(fact, OwnedFiles) or (isinstance(fact, Package) and fact.name)


@pytest.mark.parametrize("analyze", list(dict.fromkeys(e[0] for e in EXAMPLES)))
@given(data=st.binary(max_size=200))
def test_random_bytes_are_malformed_at_worst(analyze: Analyze, data: bytes) -> None:
    path = next(path for other, path, _ in EXAMPLES if other is analyze)
    with suppress(MalformedError):
        list(analyze(MemoryFile(path, data)))


@each
@pytest.mark.parametrize("filler", [b" ", b"\n", b"a", b"<release ", b"%A%\n", b"-1", b"name:  ",
                                    b"Package: ", b"{", b"[", b"sym / -> ", b"(", b"\0", b"\xff"])  # fmt: skip
def test_a_long_line_takes_no_long_time(
    analyze: Analyze, path: str, data: bytes, filler: bytes
) -> None:
    long = filler * (200_000 // len(filler)) + b"x"
    for changed in (long, data + long, data.replace(b":", b":" + long, 1)):
        with suppress(MalformedError):
            list(analyze(MemoryFile(path, changed)))
