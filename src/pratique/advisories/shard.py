"""One file of the database: what it looks like, how it is written, how it is found.

A shard is an SQLite file. `package` has a row for each name, all its ranges in one value, so that
a look-up is one read; `advisory` holds what only matters for a match; `prose` is read for what is
reported. A shard is written beside its place and renamed into it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import quote, unquote

from msgspec import Struct, msgpack

from pratique.errors import DatabaseError
from pratique.model.advisory import Affected, Flaw, Prose
from pratique.model.feed import About, Known

SCHEMA = "1"
_TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE package(name TEXT PRIMARY KEY, affected BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE advisory(number INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE prose(id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE flaw(id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
"""
_FAST = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;"  # nobody reads it yet
_DICTIONARY = 64 << 10
_SAMPLES = 3000


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
    return os.path.join(folder, quote(shard, safe="") + ".db")


def shards_in(folder: str) -> list[str]:
    """Name the shards of a folder; none where there is no such folder."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return sorted(unquote(name.removesuffix(".db")) for name in names if name.endswith(".db"))


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
        with suppress(FileNotFoundError):
            os.unlink(beside)
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
        self.packages: dict[str, list[Affected]] = {}
        self.numbers: dict[bytes, int] = {}
        self.prose: dict[str, Prose] = {}
        self.flaws: dict[str, Flaw] = {}
        self.ids: set[str] = set()
        self.newest = ""

    def add(self, about: About) -> None:
        body = msgpack.encode(about.advisory)
        number = self.numbers.setdefault(body, len(self.numbers))
        known = about.affected
        row = Affected(known.ranges, known.versions, known.status, number)
        self.packages.setdefault(about.name, []).append(row)
        self.prose[about.advisory.id] = about.prose
        self.ids.add(about.advisory.id)
        self.newest = max(self.newest, about.advisory.modified)

    def merge(self, known: Known) -> None:
        """Join what several feeds, or a later document of one feed, know of a CVE."""
        old, new = self.flaws.get(known.id, Flaw()), known.flaw
        self.flaws[known.id] = Flaw(
            new.ratings or old.ratings, new.cwes or old.cwes, new.exploited or old.exploited
        )

    def save(self, connection: sqlite3.Connection, *, prose: bool) -> None:
        encode = msgpack.Encoder().encode
        connection.executemany(
            "INSERT INTO package VALUES(?, ?)",
            ((name, encode(rows)) for name, rows in sorted(self.packages.items())),
        )
        connection.executemany(
            "INSERT INTO advisory VALUES(?, ?)", ((n, body) for body, n in self.numbers.items())
        )
        connection.executemany(
            "INSERT INTO flaw VALUES(?, ?)",
            ((id, encode(flaw)) for id, flaw in sorted(self.flaws.items())),
        )
        if prose and any(text.title or text.description for text in self.prose.values()):
            self._save_prose(connection)

    def _save_prose(self, connection: sqlite3.Connection) -> None:
        """Save the words, each compressed with a dictionary of what they have in common."""
        import zstandard  # noqa: PLC0415 - only who builds a database pays for it

        texts = {id: msgpack.encode(text) for id, text in sorted(self.prose.items())}
        every = list(texts.values())[:: max(1, len(texts) // _SAMPLES)]
        samples: list[Any] = [text[:8192] for text in every]
        try:
            dictionary = zstandard.train_dictionary(_DICTIONARY, samples, level=19)
        except zstandard.ZstdError:  # too few to learn from
            dictionary = zstandard.ZstdCompressionDict(
                b"".join(samples)[-_DICTIONARY:], dict_type=zstandard.DICT_TYPE_RAWCONTENT
            )
        compressor = zstandard.ZstdCompressor(level=19, dict_data=dictionary)
        connection.execute("INSERT INTO prose VALUES('', ?)", (dictionary.as_bytes(),))
        connection.executemany(
            "INSERT INTO prose VALUES(?, ?)",
            ((id, compressor.compress(text)) for id, text in texts.items()),
        )
