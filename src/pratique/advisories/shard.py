"""One file of the database: what it looks like, how it is written, how it is found.

A shard is an SQLite file. `package` has a row for each name, all its ranges in one value, so that
a look-up is one read; `advisory` holds what only matters for a match, `prose` what is said of it in
words, both in compressed blocks. A shard is written beside its place and renamed into it.
"""

from __future__ import annotations

import os
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress

from msgspec import Struct, msgpack
from msgspec.structs import replace

from pratique.errors import DatabaseError
from pratique.model.advisory import Advisory, Affected, Flaw, Prose
from pratique.model.feed import About, Known

SCHEMA = "3"
BLOCK = 32
"""Advisories that are compressed together; those of one package are neighbours."""
_TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE package(name TEXT PRIMARY KEY, affected BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE advisory(block INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE prose(block INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE flaw(id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
"""
# small pages: most shards are small; no journal: nobody reads it yet
_FAST = "PRAGMA page_size=1024; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
_ABANDONED = 3600  # seconds
_WORTH = 128  # bytes; less is not worth compressing


# as in a URL, for those that file systems or SQLite's addresses trip over
_ESCAPES = {character: f"%{ord(character):02X}" for character in "%/:?# \\\0"}


class Origin(Struct, frozen=True):
    """Where a shard's records come from, kept in the shard."""

    source: str
    """The host or mirror, as a report shows it."""
    etags: dict[str, str] = {}
    """By which the next update sees whether a document has changed."""
    built: str = ""
    """Set where the file's own time says nothing: for the starter out of a wheel."""


def path_of(folder: str, shard: str) -> str:
    """Return the file of a shard: `Rocky Linux:9` is `Rocky%20Linux%3A9.db`."""
    name = "".join(_ESCAPES.get(character, character) for character in shard)
    return os.path.join(folder, name + ".db")


def shards_in(folder: str) -> list[str]:
    """Name the shards of a folder; none where there is no such folder."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return sorted(_unescaped(name[:-3]) for name in names if name.endswith(".db"))


def _unescaped(name: str) -> str:
    for character, escape in reversed(_ESCAPES.items()):
        name = name.replace(escape, character)
    return name


def write(
    folder: str, shard: str, records: Iterable[About | Known], origin: Origin, *, prose: bool = True
) -> int:
    """Write a shard and put it in place of an older one at once; return how many records it has.

    A crash leaves the older one as it was. Raises DatabaseError where the folder or the disk
    refuses.
    """
    path = path_of(folder, shard)
    beside = f"{path}.{os.getpid()}.new"
    try:
        os.makedirs(folder, exist_ok=True)
        _sweep(folder)
        count = _fill(beside, records, origin, prose=prose)
        with open(beside, "rb") as file:
            os.fsync(file.fileno())
        os.replace(beside, path)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(f"{path}: cannot be written: {error}") from error
    finally:
        with suppress(OSError):
            os.unlink(beside)
    return count


def _sweep(folder: str) -> None:
    """Remove what updates that were killed left behind, an hour ago or more."""
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        with suppress(OSError):
            if name.endswith(".new") and time.time() - os.path.getmtime(path) > _ABANDONED:
                os.unlink(path)


def _fill(path: str, records: Iterable[About | Known], origin: Origin, *, prose: bool) -> int:
    content = _Content()
    for record in records:
        if isinstance(record, About):
            content.add(record)
        else:
            content.merge(record)
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;" + _TABLES
        )
        content.save(connection, prose=prose)
        count = len(content.ids) + len(content.flaws)
        meta = {
            "schema": SCHEMA, "records": str(count), "newest": content.newest,
            "origin": msgpack.encode(origin).hex(),
        }  # fmt: skip
        connection.executemany("INSERT INTO meta VALUES(?, ?)", sorted(meta.items()))
        connection.execute("COMMIT")
        connection.execute("VACUUM")
    finally:
        connection.close()
    return count


class _Content:
    """The rows of a shard while it is being made."""

    def __init__(self) -> None:
        self.packages: dict[str, list[tuple[Affected, Advisory, Prose]]] = {}
        self.flaws: dict[str, Flaw] = {}
        self.ids: set[str] = set()
        self.newest = ""

    def add(self, about: About) -> None:
        row = (about.affected, about.advisory, about.prose)
        self.packages.setdefault(about.name, []).append(row)
        self.ids.add(about.advisory.id)
        self.newest = max(self.newest, about.advisory.modified)

    def merge(self, known: Known) -> None:
        """Join what several feeds, or a later document of one feed, know of a CVE."""
        old, new = self.flaws.get(known.id, Flaw()), known.flaw
        self.flaws[known.id] = Flaw(
            new.ratings or old.ratings,
            new.cwes or old.cwes,
            new.exploited or old.exploited,
            new.epss or old.epss,
        )

    def save(self, connection: sqlite3.Connection, *, prose: bool) -> None:
        numbers: dict[bytes, int] = {}
        advisories: list[Advisory] = []
        texts: list[Prose] = []
        for name, rows in sorted(self.packages.items()):
            stored = []
            for affected, advisory, text in rows:
                key = msgpack.encode(advisory)
                if key not in numbers:
                    numbers[key] = len(numbers)
                    advisories.append(advisory)
                    texts.append(text)
                stored.append(replace(affected, number=numbers[key]))
            body = packed(msgpack.encode(stored))
            connection.execute("INSERT INTO package VALUES(?, ?)", (name, body))
        connection.executemany("INSERT INTO advisory VALUES(?, ?)", _blocks(advisories, packed))
        if prose and any(text.title or text.description for text in texts):
            connection.executemany("INSERT INTO prose VALUES(?, ?)", _blocks(texts, _packed_prose))
        connection.executemany(
            "INSERT INTO flaw VALUES(?, ?)",
            ((id, msgpack.encode(flaw)) for id, flaw in sorted(self.flaws.items())),
        )


def _blocks(
    records: Sequence[Advisory] | Sequence[Prose], pack: Callable[[bytes], bytes]
) -> Iterator[tuple[int, bytes]]:
    for start in range(0, len(records), BLOCK):
        yield start // BLOCK, pack(msgpack.encode(records[start : start + BLOCK]))


def packed(data: bytes) -> bytes:
    """Compress with what Python brings along: a scan of a warm cache imports nothing for it."""
    return zlib.compress(data, 9) if len(data) > _WORTH else b"\0" + data


def unpacked(data: bytes) -> bytes:
    """Return what was packed; raises zlib.error where it is damaged."""
    return data[1:] if data[:1] == b"\0" else zlib.decompress(data)


def _packed_prose(data: bytes) -> bytes:
    import zstandard  # noqa: PLC0415 - only who builds a database pays for it

    return zstandard.ZstdCompressor(level=19).compress(data)
