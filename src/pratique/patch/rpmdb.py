"""RPM's package database in an image, in SQLite as rpm 4.16 and later keep it.

https://github.com/rpm-software-management/rpm: lib/backend/sqlite.c, lib/rpmdb.c
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from functools import cached_property

from msgspec import Struct

from pratique.codecs.rpmheader import Header
from pratique.errors import MalformedError, UsageError
from pratique.patch.resolution import Deb, Key
from pratique.patch.root import Root
from pratique.patch.rpmrelations import deb_of

_HOMES = ("var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm")
WANTED = ("etc", *_HOMES, "usr/lib/rpm/macros.d", "usr/lib/os-release")
_NAME, _TID, _MD5 = 1000, 1128, 261
_STRINGS = {"Name": 1000, "Group": 1016, "Sha1header": 269}
_ARRAYS = {
    "Basenames": 1117, "Requirename": 1049, "Providename": 1047, "Conflictname": 1054,
    "Obsoletename": 1090, "Triggername": 1066, "Dirnames": 1118, "Filetriggername": 5069,
    "Transfiletriggername": 5079, "Recommendname": 5046, "Suggestname": 5049,
    "Supplementname": 5052, "Enhancename": 5055,
}  # fmt: skip
_REQUIRE_FLAGS = 1048
# of rpmsenseFlags: what is needed by scripts while it is installed, or by rpm, is in no index
_WHILE_INSTALLED = 1 << 5 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 24
_WHILE_REMOVED = 1 << 11 | 1 << 12


class Installed(Struct):
    """A package in the database."""

    number: int
    deb: Deb
    header: Header


class Database:
    """The packages of an image; changes are written to a copy in a folder."""

    def __init__(self, root: Root, folder: str) -> None:
        """Raise UsageError for another format than SQLite's, MalformedError for a damaged one."""
        self.root = root
        self.home = next((h for h in _HOMES if root.read(f"{h}/rpmdb.sqlite") is not None), "")
        if not self.home:
            raise UsageError("this image has RPM's database in a format that cannot be written "
                             "(Berkeley DB, ndb); in SQLite's it can",
                             "--builder buildah makes a patch by a real build")  # fmt: skip
        self._path = os.path.join(folder, "rpmdb.sqlite")
        for ending in ("", "-wal"):  # a log may hold what was written last
            data = root.read(f"{self.home}/rpmdb.sqlite{ending}")
            if data:
                with open(self._path + ending, "wb") as file:
                    file.write(data)
        self._texts: dict[tuple[int, ...], list[tuple[str, str]]] = {}
        self.packages: list[Installed] = []
        self.broken = 0
        try:
            self._db = sqlite3.connect(self._path)
            self._db.execute("PRAGMA journal_mode=DELETE")
            self._read()
        except sqlite3.Error as error:
            raise MalformedError(f"a damaged RPM database: {error}", self.home) from error
        self.keys = [one.header for one in self.packages if one.deb.name == "gpg-pubkey"]
        self.packages = [one for one in self.packages if one.deb.name != "gpg-pubkey"]
        arches = [one.deb.arch for one in self.packages if one.deb.arch != "all"]
        self.native = max(set(arches), key=arches.count, default="x86_64")
        self.by_key: dict[Key, Installed] = {self.key_of(one.deb): one for one in self.packages}

    def key_of(self, deb: Deb) -> Key:
        return deb.name, self.native if deb.arch == "all" else deb.arch

    def texts(self, tags: tuple[int, ...]) -> list[tuple[str, str]]:
        """Return what packages have under some tags, each with the package's name."""
        if tags not in self._texts:
            self._texts[tags] = [
                (one.deb.name, text)
                for one in self.packages for tag in tags for text in one.header.texts(tag)
            ]  # fmt: skip
        return self._texts[tags]

    def replace(self, old: Installed | None, blob: bytes) -> None:
        """Write a package's header in the place of another, with the rows that find it."""
        header = Header(blob)
        try:
            if old:
                self._db.execute("DELETE FROM Packages WHERE hnum=?", (old.number,))
                for table in self._tables():
                    self._db.execute(f'DELETE FROM "{table}" WHERE hnum=?', (old.number,))  # noqa: S608 - a name of ours
            added = self._db.execute("INSERT INTO Packages(blob) VALUES (?)", (blob,))
            number = added.lastrowid or 0
            for table in self._tables():
                rows = [(key, number, index) for index, key in _rows(table, header)]
                self._db.executemany(f'INSERT INTO "{table}"(key,hnum,idx) VALUES (?,?,?)', rows)  # noqa: S608
        except sqlite3.Error as error:
            raise MalformedError(f"a damaged RPM database: {error}", self.home) from error

    def data(self) -> bytes:
        """Return the database as it is now."""
        self._db.commit()
        self._db.close()
        with open(self._path, "rb") as file:
            return file.read()

    def close(self) -> None:
        self._db.close()

    def others_own(self, path: str, name: str) -> bool:
        """Tell whether another package has a file."""
        return bool(self._owners.get(path, set()) - {name})

    @cached_property
    def _owners(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for one in self.packages:
            for own in one.header.files():
                found.setdefault(own, set()).add(one.deb.name)
        return found

    def _read(self) -> None:
        for number, blob in self._db.execute("SELECT hnum, blob FROM Packages"):
            try:
                header = Header(blob, self.home)
                self.packages.append(Installed(number, deb_of(header), header))
            except (MalformedError, ValueError):
                self.broken += 1

    def _tables(self) -> Sequence[str]:
        names = self._db.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
        known = {*_STRINGS, *_ARRAYS, "Installtid", "Sigmd5"}
        return [name for (name,) in names if name in known]


def _rows(table: str, header: Header) -> Iterator[tuple[int, bytes | str]]:
    """Yield what an index has of a package: a key, and its place among the values of the tag."""
    if table in _STRINGS:
        if value := header.text(_STRINGS[table]):
            yield 0, value
    elif table == "Installtid":
        yield from ((0, value.to_bytes(4, "little")) for value in header.numbers(_TID)[:1])
    elif table == "Sigmd5":
        if data := header.binary(_MD5):
            yield 0, data
    else:
        yield from _listed(table, header)


def _listed(table: str, header: Header) -> Iterator[tuple[int, str]]:
    flags = header.numbers(_REQUIRE_FLAGS) if table == "Requirename" else ()
    last = None
    for index, value in enumerate(header.texts(_ARRAYS[table])):
        flag = flags[index] if index < len(flags) else 0
        if flag & _WHILE_INSTALLED and not flag & _WHILE_REMOVED:
            continue
        if table not in ("Basenames", "Dirnames") and value == last:
            continue
        last = value
        yield index, value
