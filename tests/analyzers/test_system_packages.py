from __future__ import annotations

import shutil
import sqlite3
import struct
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory import MemoryFile
from pratique.analyzers import apk, dpkg, os_release, rpm
from pratique.codecs.osrelease import settle
from pratique.errors import MalformedError
from pratique.model.inventory import Distro, Fact, OwnedFiles, Package
from pratique.model.lifecycle import end_of_life

Corpus = Callable[[str], Path]
DIVE = (
    "anchore+syft/cmd/syft/internal/test/integration/testdata/image-pkg-coverage/pkgs/"
    "var/lib/rpm/Packages"
)
STATUS = """Package: bash
Essential: yes
Status: install ok installed
Maintainer: Matthias Klose <doko@debian.org>
Architecture: amd64
Source: bash (5.2.15-2)
Version: 5.2.15-2+b2
Description: GNU Bourne Again SHell
 Version: not this one

Package: gone
Status: deinstall ok config-files
Version: 1.0
Architecture: all

Package: libssl3
Status: install ok installed
Architecture: amd64
Source: openssl
Version: 3.0.9-1
"""


def packages(facts: Iterator[Fact]) -> list[Package]:
    return [fact for fact in facts if isinstance(fact, Package)]


def test_dpkg_lists_what_is_installed_with_its_source() -> None:
    found = packages(dpkg.analyze(MemoryFile("var/lib/dpkg/status", STATUS.encode())))
    assert [(p.name, p.version, p.source, p.source_version) for p in found] == [
        ("bash", "5.2.15-2+b2", "bash", "5.2.15-2"),
        ("libssl3", "3.0.9-1", "openssl", "3.0.9-1"),
    ]
    assert found[0].vendor == "Matthias Klose <doko@debian.org>"


def test_what_a_package_needs_is_what_provides_it() -> None:
    status = b"""Package: app
Version: 1
Depends: libssl3 (>= 3.0), mail-transport-agent | exim4, gone:any
Pre-Depends: dpkg

Package: libssl3
Version: 2
Depends:

Package: exim4
Version: 1:3
Provides: mail-transport-agent
Depends: exim4

Package: dpkg
Version: 4
"""
    found = packages(dpkg.analyze(MemoryFile("var/lib/dpkg/status", status)))
    assert [p.depends for p in found] == [("dpkg@4", "exim4@1:3", "libssl3@2"), (), (), ()]
    database = b"P:app\nV:1\nD:so:libc.so.1 !bad cmd:x>=2 none\n\nP:musl\nV:2\np:so:libc.so.1=1 cmd:x=2\n\nP:bad\nV:3\n"
    found = packages(apk.analyze(MemoryFile("lib/apk/db/installed", database)))
    assert [p.depends for p in found] == [("musl@2",), (), ()]


def test_dpkg_reads_windows_line_ends() -> None:
    data = STATUS.replace("\n", "\r\n").encode()
    assert len(packages(dpkg.analyze(MemoryFile("status", data)))) == 2


def test_dpkg_keeps_what_is_whole_beside_what_is_broken() -> None:
    file = MemoryFile("status", b"Status: install ok installed\nVersion: 1\n\n" + STATUS.encode())
    found: list[Package] = []
    with pytest.raises(MalformedError, match="1 stanzas have no package"):
        found.extend(dpkg.analyze(file))
    assert len(found) == 2


def test_a_list_names_the_files_of_its_package() -> None:
    file = MemoryFile("var/lib/dpkg/info/libc6:amd64.list", b"/.\n/lib\n/lib/libc.so.6\n")
    assert list(dpkg.owned(file)) == [OwnedFiles(file.path, "libc6", (".", "lib", "lib/libc.so.6"))]


def test_distroless_has_a_file_for_each_package() -> None:
    stanza = b"Package: tzdata\nVersion: 2024a-0+deb12u1\nArchitecture: all\n"
    [found] = packages(dpkg.analyze(MemoryFile("var/lib/dpkg/status.d/tzdata", stanza)))
    assert found.version == "2024a-0+deb12u1"
    sums = MemoryFile("var/lib/dpkg/status.d/tzdata.md5sums", b"abc  usr/share/zoneinfo/UTC\n")
    assert list(dpkg.analyze(sums)) == []
    assert next(dpkg.owned(sums)).files == ("usr/share/zoneinfo/UTC",)


def test_apk_lists_packages_with_origin_and_files() -> None:
    data = b"P:libssl3\nV:3.1.4-r1\nA:x86_64\nL:Apache-2.0\no:openssl\nF:lib\nR:libssl.so.3\nF:\nR:x\n\n"
    package, owned = apk.analyze(MemoryFile("lib/apk/db/installed", data))
    assert isinstance(package, Package)
    assert (package.name, package.version, package.source) == ("libssl3", "3.1.4-r1", "openssl")
    assert isinstance(owned, OwnedFiles)
    assert owned.files == ("lib/libssl.so.3", "x")


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("apk/google+osv-scalibr", 1),
        ("apk/aquasecurity+trivy", 1),
        ("dpkg/google+osv-scalibr", 1),
        ("dpkg/anchore+syft", 1),
    ],
)
def test_real_databases_are_read_without_a_problem(corpus: Corpus, name: str, count: int) -> None:
    read = 0
    for path in corpus(name).rglob("*"):
        if path.name in ("status", "installed") and path.is_file():
            analyze = dpkg.analyze if path.name == "status" else apk.analyze
            with suppress(MalformedError):
                read += bool(packages(analyze(MemoryFile(str(path), path.read_bytes()))))
    if not read:
        pytest.skip(f"no database in {name}")
    assert read >= count


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("knqyf263+go-rpmdb/pkg/testdata/libuuid/Packages",
         ("libuuid", "2.32.1-42.el8_8", "util-linux")),
        ("google+osv-scalibr/extractor/filesystem/os/rpm/testdata/Packages_epoch",
         ("hello", "1:0.0.1-rls", "hello")),
        (DIVE, ("dive", "0.9.2-1", "dive")),
    ],
)  # fmt: skip
def test_real_berkeley_databases_are_read(
    corpus: Corpus, name: str, expected: tuple[str, str, str]
) -> None:
    path = corpus(f"rpm/{name}")
    [found] = packages(rpm.analyze(MemoryFile("var/lib/rpm/Packages", path.read_bytes())))
    assert (found.name, found.version, found.source) == expected


@given(st.integers(0, 30_000), st.binary(min_size=1, max_size=8))
def test_a_damaged_berkeley_database_is_malformed(at: int, noise: bytes) -> None:
    path = Path(__file__).parents[3] / "shared/fixtures/rpm/knqyf263+go-rpmdb/pkg/testdata/libuuid"
    if not path.exists():
        pytest.skip("no corpus here")
    data = bytearray((path / "Packages").read_bytes())
    data[at % len(data)] = noise[0]
    with suppress(MalformedError):
        list(rpm.analyze(MemoryFile("Packages", bytes(data[: max(100, at)]))))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a package with the real rpmbuild."""
    if shutil.which("rpmbuild") is None:
        pytest.skip("needs rpmbuild")
    top = tmp_path_factory.mktemp("rpm")
    spec = top / "x.spec"
    spec.write_text(
        "Name: openssl-libs\nEpoch: 1\nVersion: 3.0.1\nRelease: 41.el9_0\nSummary: x\n"
        "License: ASL 2.0\nVendor: AlmaLinux\nAutoReqProv: no\n%define debug_package %{nil}\n"
        "%description\nx\n%install\nmkdir -p %{buildroot}/usr/share/x\n"
        "echo x > %{buildroot}/usr/share/x/README\n%files\n/usr/share/x\n"
    )
    subprocess.run(["rpmbuild", "-bb", "--quiet", "--define", f"_topdir {top}", spec], check=True,
                   capture_output=True)  # fmt: skip
    return next(top.rglob("*.rpm"))


def test_a_database_that_rpm_wrote_is_read(built: Path, tmp_path: Path) -> None:
    subprocess.run(
        ["rpm", "--dbpath", tmp_path, "--define", "_db_backend sqlite", "--justdb", "--nodeps",
         "--nosignature", "--ignorearch", "-i", built], check=True, capture_output=True,
    )  # fmt: skip
    data = (tmp_path / "rpmdb.sqlite").read_bytes()
    facts = list(rpm.analyze(MemoryFile("var/lib/rpm/rpmdb.sqlite", data)))
    [found] = packages(iter(facts))
    assert (found.name, found.version, found.source) == (
        "openssl-libs", "1:3.0.1-41.el9_0", "openssl-libs",
    )  # fmt: skip
    assert (found.vendor, found.licenses) == ("AlmaLinux", ("ASL 2.0",))
    owned = [fact for fact in facts if isinstance(fact, OwnedFiles)]
    assert owned[0].files == ("usr/share/x", "usr/share/x/README")


def ndb(*blobs: bytes) -> bytes:
    """Write a database as rpm's ndb backend lays it out (lib/backend/ndb/rpmpkg.c)."""
    head = struct.pack("<4s4I12x", b"RpmP", 0, 1, 1, len(blobs) + 1)
    slots, body = b"", b""
    for number, blob in enumerate(blobs, 1):
        record = struct.pack("<4sIII", b"BlbS", number, 1, len(blob)) + blob + b"tail" * 3
        record += bytes(-len(record) % 16)
        slots += struct.pack("<4s3I", b"Slot", number, (4096 + len(body)) // 16, len(record) // 16)
        body += record
    empty = struct.pack("<4s3I", b"Slot", 0, 0, 0)
    slots += empty * ((4096 - 32 - len(slots)) // 16)
    return head + slots + body


def test_an_ndb_database_is_read() -> None:
    data = ndb(header(b"bash"), header(b"zypper"))
    found = packages(rpm.analyze(MemoryFile("usr/lib/sysimage/rpm/Packages.db", data)))
    assert [(p.name, p.version) for p in found] == [("bash", "1-2"), ("zypper", "1-2")]


@given(st.integers(0, 5000), st.binary(min_size=1, max_size=8))
def test_a_damaged_ndb_database_is_malformed(at: int, noise: bytes) -> None:
    data = bytearray(ndb(header(b"bash"), header(b"zypper")))
    data[at % len(data)] = noise[0]
    with suppress(MalformedError):
        list(rpm.analyze(MemoryFile("Packages.db", bytes(data))))


def test_a_key_is_no_package(tmp_path: Path) -> None:
    path = tmp_path / "rpmdb.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)")
    for number, name in enumerate((b"gpg-pubkey", b"bash")):
        connection.execute("INSERT INTO Packages VALUES(?, ?)", (number, header(name)))
    connection.commit()
    connection.close()
    found = packages(rpm.analyze(MemoryFile("rpmdb.sqlite", path.read_bytes())))
    assert [(p.name, p.version) for p in found] == [("bash", "1-2")]


@pytest.fixture(scope="session")
def sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("sqlite") / "rpmdb.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)")
    connection.execute("CREATE TABLE 'Name' (key 'TEXT' NOT NULL, hnum INTEGER NOT NULL)")
    for number in range(40):
        connection.execute(
            "INSERT INTO Packages VALUES(?, ?)", (number, header(b"bash%d" % number))
        )
    connection.commit()
    connection.close()
    return path.read_bytes()


@given(changes=st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 255)), min_size=1, max_size=8),
       end=st.integers(0, 20_000))  # fmt: skip
def test_a_damaged_sqlite_database_is_malformed(
    sqlite_database: bytes, changes: list[tuple[int, int]], end: int
) -> None:
    data = bytearray(sqlite_database)
    for at, byte in changes:
        data[at % len(data)] = byte
    with suppress(MalformedError):
        list(rpm.analyze(MemoryFile("rpmdb.sqlite", bytes(data[: max(end, 100)]))))


def test_an_error_that_quotes_what_is_no_text_is_malformed(sqlite_database: bytes) -> None:
    data = sqlite_database.replace(b"PRIMARY KEY", b"PRIMARY K\x87Y")
    with pytest.raises(MalformedError, match="damaged RPM database"):
        list(rpm.analyze(MemoryFile("rpmdb.sqlite", data)))


def header(name: bytes) -> bytes:
    texts = [(1000, name), (1001, b"1"), (1002, b"2")]
    index, data = b"", b""
    for tag, text in texts:
        index += struct.pack(">IIiI", tag, 6, len(data), 1)
        data += text + b"\0"
    return struct.pack(">II", len(texts), len(data)) + index + data


@pytest.mark.parametrize(
    ("files", "id", "version"),
    [
        ({"usr/lib/os-release": 'ID=debian\nVERSION_ID="12"\n', "etc/debian_version": "12.5\n"},
         "debian", "12.5"),
        ({"etc/os-release": "ID=alpine\nVERSION_ID=3.20.1\n", "etc/alpine-release": "3.20.1"},
         "alpine", "3.20.1"),
        ({"etc/os-release": "ID='rocky'\nVERSION_ID=\"9.3\"\n"}, "rocky", "9.3"),
        ({"etc/redhat-release": "CentOS release 6.10 (Final)\n"}, "centos", "6.10"),
        ({"etc/debian_version": "8.11\n"}, "debian", "8.11"),
        ({"etc/os-release": "ID=sles\nVERSION_ID=15.5\n"}, "sles", "15.5"),
        ({"etc/os-release": "ID=wolfi\nVERSION_ID=20230201\n"}, "wolfi", "20230201"),
        ({"etc/os-release": "ID=amzn\nVERSION_ID=2\n", "etc/system-release":
          "Amazon Linux release 2 (Karoo)"}, "amzn", "2"),
        ({"etc/os-release": "ID=debian\nVERSION_CODENAME=trixie\n", "etc/debian_version":
          "trixie/sid\n"}, "debian", ""),
    ],
)  # fmt: skip
def test_the_distribution_is_told(files: dict[str, str], id: str, version: str) -> None:
    facts = [
        fact for path, text in files.items()
        for fact in os_release.analyze(MemoryFile(path, text.encode()))
    ]  # fmt: skip
    distro = settle(facts)
    assert distro is not None
    assert (distro.id, distro.version) == (id, version)


@pytest.mark.parametrize(
    ("distro", "ended"),
    [
        (Distro("", "debian", "10.13"), True),
        (Distro("", "debian", "12.5"), False),
        (Distro("", "debian", "", codename="forky/sid"), False),
        (Distro("", "alpine", "3.12.0"), True),
        (Distro("", "ubuntu", "24.04"), False),
        (Distro("", "wolfi", "20230201"), False),
        (Distro("", "centos", "7.9.2009"), True),
        (Distro("", "debian", "99"), None),
        (Distro("", "templeos", "5"), None),
    ],
)
def test_the_end_of_a_release_is_known_or_said_to_be_unknown(
    distro: Distro,
    ended: bool | None,
) -> None:
    assert end_of_life(distro, "2026-11-24")[0] is ended


@pytest.mark.parametrize("analyze", [dpkg.analyze, dpkg.owned, apk.analyze, rpm.analyze,
                                     rpm.manifest, os_release.analyze])  # fmt: skip
@given(st.binary(max_size=300))
def test_random_bytes_are_malformed_at_worst(
    analyze: Callable[[MemoryFile], Iterator[Fact]], data: bytes
) -> None:
    with suppress(MalformedError):
        list(analyze(MemoryFile("etc/os-release", data)))
