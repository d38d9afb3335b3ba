"""Patched RPM images, end to end; rpm itself judges what was made."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from pratique.codecs import rpmdb
from pratique.errors import UsageError
from pratique.patch import rpmndb
from pratique.patch.root import Node, Root
from pratique.patch.rpmdatabase import RpmDatabase
from pratique.patch.rpmheader import RpmHeader
from rpm_lab import INSTALL, NEW, Built, Lab, need_tools, run

FIXED = Built(release="2.el9")


@pytest.fixture(scope="module", autouse=True)
def _tools() -> None:
    need_tools()


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path)
    made.install(made.build(Built()))
    yield made
    run(["gpgconf", "--homedir", str(made.home), "--kill", "all"], check=False)


@pytest.mark.parametrize("payload", ["w6.gzdio", "w3.zstdio", "w2.xzdio", "w9.bzdio", "w2.lzdio"])
def test_rpm_agrees_with_the_patched_root(
    lab: Lab, payload: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lab.offer(lab.build(replace(FIXED, payload=payload)))
    assert lab.patch("--json") == 0
    [done] = json.loads(capsys.readouterr().out)["Platforms"]
    assert done["Findings"]["After"] == {}
    own = [info.size for name, info in lab.names().items() if not name.startswith("var/lib/rpm")]
    assert sum(own) <= 1.2 * sum(package["ReplacedSize"] for package in done["Packages"])
    lab.apply()
    assert lab.rpm("-Va", "--nodeps") == ""
    assert lab.rpm("-qa") == f"ours-{NEW}.x86_64\n"
    assert "error" not in lab.rpm("--verifydb", check=False)
    assert run([str(lab.root / "usr/bin/ours")]) == f"ours {NEW}\n"
    lab.rpm("-U", "--nodeps", "--nosignature", str(lab.build(Built(release="3.el9"))))
    assert lab.rpm("-Va", "--nodeps") == ""
    lab.rpm("-e", "ours")
    assert lab.rpm("-qa") == ""


def test_the_database_is_what_rpm_would_have_written(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte by byte, the header with what rpm notes behind it, and the rows of all indexes."""
    made = lab.build(replace(FIXED, scripts=TRIGGERS))
    lab.offer(made)
    for number in range(5):  # until all of a transaction is within one second
        other = Lab(tmp_path / f"other{number}")
        other.install(*lab.folder.glob("build/RPMS/*/ours-1.0-1*.rpm"))
        other.install(made)
        when, began = other.rpm("-q", "ours", "--qf", "%{INSTALLTIME} %{INSTALLTID}").split()
        if when == began:
            break
    monkeypatch.setenv("SOURCE_DATE_EPOCH", when)
    assert lab.patch() == 0
    lab.apply()
    assert _dump(lab) == _dump(other)


TRIGGERS = """%triggerin -- foo, foo
echo x
%filetriggerin -- /usr/lib/nothing
echo x
%transfiletriggerin -- /usr/lib/nothing
echo x
"""


def _dump(lab: Lab) -> list[object]:
    with closing(sqlite3.connect(lab.root / "var/lib/rpm/rpmdb.sqlite")) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_stat1'")  # fmt: skip
        return [
            (name, sorted(connection.execute(f"SELECT * FROM '{name}'").fetchall()))
            for (name,) in sorted(tables.fetchall())
        ]


def test_configuration_as_rpm_does(lab: Lab) -> None:
    lab.write("etc/kept.conf", "of the image\n")
    lab.write("etc/saved.conf", "of the image\n")
    lab.offer(lab.build(FIXED))
    assert lab.patch() == 0
    lab.apply()
    etc = lab.root / "etc"
    assert (etc / "plain.conf").read_text() == "shipped 1.0 2.el9\n"
    assert (etc / "kept.conf").read_text() == "of the image\n"
    assert (etc / "kept.conf.rpmnew").read_text() == "shipped 1.0 2.el9\n"
    assert (etc / "saved.conf").read_text() == "shipped 1.0 2.el9\n"
    assert (etc / "saved.conf.rpmsave").read_text() == "of the image\n"


def test_what_the_settings_leave_out(lab: Lab) -> None:
    lab.write("etc/dnf/dnf.conf", "[main]\ntsflags=nodocs\n")
    lab.offer(lab.build(FIXED))
    assert lab.patch() == 0
    assert "usr/share/doc/ours/README" not in lab.names()
    lab.apply()
    assert "not installed" in lab.rpm("-q", "--state", "ours")


def test_capabilities_links_and_size(lab: Lab) -> None:
    lab.offer(lab.build(FIXED))
    assert lab.patch() == 0
    names = lab.names()
    assert "SCHILY.xattr.security.capability" in names["usr/bin/ours"].pax_headers
    assert names["usr/lib/ours/link"].linkname == "lib"
    assert {names["usr/lib/ours/lib"].islnk(), names["usr/lib/ours/hard"].islnk()} == {True, False}


def test_what_the_fix_needs_comes_along(lab: Lab) -> None:
    fresh = Built("fresh", "2", "1", install="mkdir -p %{buildroot}/opt; echo > %{buildroot}/opt/f",
                  files="/opt/f")  # fmt: skip
    rich = "Requires: (fresh >= 2 or nothing)\nRequires: /opt/f\nRequires: (gone if absent)"
    lab.offer(lab.build(replace(FIXED, head=rich)), lab.build(fresh))
    assert lab.patch() == 0
    lab.apply()
    assert "fresh-2-1.x86_64" in lab.rpm("-qa")


def _older(lab: Lab) -> None:
    lab.offer(lab.build(Built(release="0.el9")))


def _script(lab: Lab) -> None:
    lab.offer(lab.build(replace(FIXED, scripts="%post\nmake-something --now\n")))


def _held(lab: Lab) -> None:
    lab.write("etc/dnf/plugins/versionlock.list", "ours-0:1.0-1.el9.*\n")
    lab.offer(lab.build(FIXED))


def _excluded(lab: Lab) -> None:
    lab.write("etc/dnf/dnf.conf", "[main]\nexclude=ou*\n")
    lab.offer(lab.build(FIXED))


def _needs(lab: Lab) -> None:
    lab.offer(lab.build(replace(FIXED, head="Requires: nowhere >= 3")))


def _vendor(lab: Lab) -> None:
    (lab.root / "etc/zypp").mkdir()
    lab.offer(lab.build(replace(FIXED, vendor="Other")))


def _user(lab: Lab) -> None:
    lab.offer(lab.build(replace(FIXED, files="%attr(0644,somebody,root) /usr/bin/ours\n",
                                install=INSTALL + "rm -rf %{buildroot}/etc %{buildroot}/usr/lib %{buildroot}/usr/share\n")))  # fmt: skip


STAYS: Mapping[str, tuple[Callable[[Lab], None], str]] = {
    "older": (_older, "nothing newer"),
    "script": (_script, "its %post has to run: make-something --now"),
    "held": (_held, "versionlock.list holds it"),
    "excluded": (_excluded, "dnf's configuration excludes it"),
    "needs": (_needs, "ours needs nowhere (>= 3)"),
    "vendor": (_vendor, "its vendor is 'Other', not 'Lab'"),
    "user": (_user, "belongs to somebody, who is not in the image"),
}


@pytest.mark.parametrize("name", STAYS)
def test_what_stays(lab: Lab, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    make, why = STAYS[name]
    make(lab)
    assert lab.patch("--json") == 0
    [stays] = json.loads(capsys.readouterr().out)["Platforms"][0]["Staying"]
    assert why in str(stays)
    assert not lab.out.exists()


@pytest.mark.parametrize("script", [
    "%post -p /sbin/ldconfig\n%postun -p /sbin/ldconfig\n",
    "%post\nif [ $1 -eq 1 ] ; then\n  systemctl preset x.service\nfi\n/sbin/ldconfig\n",
    "%preun\nif [ $1 -eq 0 ] ; then\n  rm -rf /var/x\nfi\n",
])  # fmt: skip
def test_scriptlets_that_do_not_matter(lab: Lab, script: str) -> None:
    lab.offer(lab.build(replace(FIXED, scripts=script, head="Provides: /sbin/ldconfig")))
    assert lab.patch() == 0
    assert lab.out.exists()


def _unsigned(lab: Lab) -> None:
    lab.offer(lab.build(FIXED, key=""))


def _other_key(lab: Lab) -> None:
    lab.key("other")
    lab.offer(lab.build(FIXED, key="other"))


def _other_file(lab: Lab) -> None:
    lab.offer(lab.build(FIXED))
    lab.changed[f"ours-{NEW}.x86_64.rpm"] = b"\xed\xab\xee\xdb" + bytes(300)


def _other_index(lab: Lab) -> None:
    lab.offer(lab.build(FIXED))
    [primary] = lab.repository.glob("repodata/*primary.xml*")
    lab.changed[primary.name] = b"x" * 20


def _index_unsigned(lab: Lab) -> None:
    lab.config += "repo_gpgcheck=1\n"
    lab.offer(lab.build(FIXED))


def _index_by_another(lab: Lab) -> None:
    lab.offer(lab.build(FIXED))
    lab.key("other")
    repomd = lab.repository / "repodata/repomd.xml"
    lab.gpg("--local-user", "other", "--armor", "--detach-sign", str(repomd))


def _mutated(change: Callable[[bytes], bytes]) -> Callable[[Lab], None]:
    """Return what offers a signed package that was changed before it was indexed."""

    def offer(lab: Lab) -> None:
        made = lab.build(FIXED)
        made.write_bytes(change(made.read_bytes()))
        lab.offer(made)

    return offer


LIES: Mapping[str, tuple[Callable[[Lab], None], str]] = {
    "unsigned": (_unsigned, "the package is not signed"),
    "other key": (_other_key, "signature is not good"),
    "other file": (_other_file, "is not the package that the index names"),
    "other index": (_other_index, "is not what repomd.xml names"),
    "index unsigned": (_index_unsigned, "it is not signed"),
    "index by another": (_index_by_another, "signature is not good"),
    "truncated": (_mutated(lambda data: data[:-200]), "not those that it was signed with"),
    "payload": (_mutated(lambda data: data[:-9] + b"123456789"), "not those that it was signed"),
    "header": (_mutated(lambda data: data.replace(b"A test.", b"A tost.")), "signature is not good"),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_repository_that_lies_stops_the_patch(
    lab: Lab, lie: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tell, word = LIES[lie]
    tell(lab)
    assert lab.patch() in (3, 4, 6)
    said = capsys.readouterr().err
    assert word in said
    assert "a bug" not in said
    assert not lab.out.exists()


def test_a_signed_index(lab: Lab) -> None:
    lab.config += "repo_gpgcheck=1\n"
    lab.offer(lab.build(FIXED))
    repomd = lab.repository / "repodata/repomd.xml"
    lab.gpg("--local-user", "lab", "--armor", "--detach-sign", str(repomd))
    assert lab.patch() == 0
    assert lab.out.exists()


def test_ndb(lab: Lab) -> None:
    """The database of SUSE: rpm of other distributions does not write it, so it is made here."""
    home = lab.root / "var/lib/rpm"
    with closing(sqlite3.connect(home / "rpmdb.sqlite")) as connection:
        [blob] = connection.execute("SELECT blob FROM Packages").fetchone()
    empty = struct.pack("<8I", 0x506D7052, 0, 1, 1, 1, 0, 0, 0)
    packages = {("ours", "x86_64"): blob}
    data = rpmndb.with_packages(empty.ljust(4096, b"\0"), packages)
    for path in home.iterdir():
        path.unlink()
    (home / "Packages.db").write_bytes(data)
    (home / "Index.db").write_bytes(b"old")
    lab.offer(lab.build(FIXED))
    assert lab.patch() == 0
    lab.apply()
    assert not (home / "Index.db").exists()
    written = (home / "Packages.db").read_bytes()
    found = list(rpmdb.blobs(io.BytesIO(written), len(written), "Packages.db"))
    assert [RpmHeader(one, "").text(1002) for one in found] == [NEW.partition("-")[2]]


def test_berkeleydb_is_refused() -> None:
    root = Root()
    root.nodes["var/lib/rpm/Packages"] = Node("file", 0o644, 0, 0, 0)
    root.contents["var/lib/rpm/Packages"] = b"hash"
    with pytest.raises(UsageError, match="BerkeleyDB"):
        RpmDatabase(root)
