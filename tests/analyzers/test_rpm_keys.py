"""Packages that name no vendor, in a database that RPM's own tools make: whose key signed them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory import MemoryFile
from pratique.analyzers.rpm import rpm
from pratique.codecs.openpgp import issuer
from pratique.model.inventory import Package

SPEC = """Name: {name}
Version: 1
Release: 1
Summary: x
License: MIT
{vendor}
BuildArch: noarch
%description
x
%files
"""
MODULE = "ModularityLabel: nodejs:18:9000:0123abcd"
TOOLS = ("rpm", "rpmbuild", "rpmsign", "rpmkeys", "gpg", "gpgconf")


def run(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True, timeout=120)


@pytest.fixture
def system(tmp_path: Path) -> Iterator[Path]:
    """A root with packages of a distribution and of a publisher, each signed by its key."""
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        pytest.skip(f"needs {', '.join(missing)}")
    home = tmp_path / "gpg"
    home.mkdir(mode=0o700)
    gpg = ("gpg", "--homedir", home, "--batch")
    for owner, algorithm in (("Distribution <keys@dist.example>", "rsa2048"),
                             ("Publisher <keys@shop.example>", "rsa2048")):  # fmt: skip
        run(*gpg, "--passphrase", "", "--quick-gen-key", owner, algorithm, "sign")
        key = tmp_path / f"{owner.split()[0]}.asc"
        run(*gpg, "--armor", "--output", key, "--export", owner)
        run("rpmkeys", "--root", tmp_path, "--import", key)
    for name, vendor, owner in (("a", "", "Distribution"), ("b", "", "Distribution"),
                                ("c", "", "Publisher"), ("d", "Vendor: Other\n" + MODULE, "Publisher"),
                                ("e", "", "")):  # fmt: skip
        spec = tmp_path / f"{name}.spec"
        spec.write_text(SPEC.format(name=name, vendor=vendor))
        run("rpmbuild", "-bb", "--define", f"_topdir {tmp_path}/top", spec)
        package = tmp_path / f"top/RPMS/noarch/{name}-1-1.noarch.rpm"
        if owner:
            run("rpmsign", "--define", f"_gpg_name {owner}", "--define", f"_gpg_path {home}",
                "--define", f"__gpg {shutil.which('gpg')}", "--addsign", package)  # fmt: skip
        run("rpm", "--root", tmp_path, "--nodeps", "-i", package)
    yield tmp_path
    run("gpgconf", "--homedir", home, "--kill", "all")


def test_a_package_without_a_vendor_has_that_of_a_key_that_is_not_the_distributions(
    system: Path,
) -> None:
    (database,) = [path for path in system.rglob("rpmdb.sqlite") if path.is_file()]
    path = "var/lib/rpm/rpmdb.sqlite"
    found = [*rpm.analyze(MemoryFile(path, _checkpointed(database)))]
    packages = [fact for fact in found if isinstance(fact, Package)]
    vendors = {package.name: package.vendor for package in packages}
    assert vendors == {
        "a": "", "b": "", "c": "Publisher <keys@shop.example>", "d": "Other", "e": "",
    }  # fmt: skip
    modules = {package.name: package.module for package in packages if package.module}
    assert modules == {"d": "nodejs:18:9000:0123abcd"}


def _checkpointed(database: Path) -> bytes:
    import sqlite3  # noqa: PLC0415

    connection = sqlite3.connect(database)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    return database.read_bytes()


def test_the_issuer_is_told_in_each_version_of_a_signature() -> None:
    third = bytes([0x88, 19, 3, 5, 0, 0, 0, 0, 0]) + bytes(range(8)) + b"\1\2xx"
    assert issuer(third) == "0001020304050607"
    unhashed = bytes([9, 16]) + bytes(range(8))
    body = b"\4\0\1\2" + b"\0\0" + b"\0\x0a" + unhashed + b"xx"
    assert issuer(bytes([0xC2, len(body)]) + body) == "0001020304050607"
    print_of_4 = bytes([22, 33, 4]) + bytes(range(20))
    body = b"\4\0\1\2" + b"\0\x17" + print_of_4 + b"\0\0xx"
    assert issuer(bytes([0x89]) + len(body).to_bytes(2, "big") + body) == "0c0d0e0f10111213"
    print_of_6 = bytes([34, 33, 6]) + bytes(range(32))
    body = b"\6\0\1\2" + b"\0\0\0\x23" + print_of_6 + b"\0\0\0\0xx"
    assert issuer(bytes([0xC2, len(body)]) + body) == "0001020304050607"


@given(st.binary(max_size=40), st.sampled_from([b"", b"\x88\x20", b"\xc2\x20", b"\xc2\x20\4"]))
def test_any_bytes_have_an_issuer_or_none(data: bytes, start: bytes) -> None:
    assert len(issuer(start + data)) in (0, 16)
