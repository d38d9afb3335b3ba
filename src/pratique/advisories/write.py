"""Write a shard: records are collected on disk, sorted by package, and packed in blocks."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b
from itertools import groupby

from msgspec import msgpack
from msgspec.structs import replace

from pratique.advisories.shard import (
    BLOCK,
    IDENTS,
    PRAGMAS,
    SCHEMA,
    TABLES,
    Origin,
    beside,
    flaw_block,
    packed,
    packed_prose,
    path_of,
    put,
    seal,
)
from pratique.errors import DatabaseError
from pratique.model.advisory import Advisory, Affected, Flaw
from pratique.model.feed import About, Known, Record, Unread

_AFFECTED = msgpack.Decoder(Affected)
_ADVISORY = msgpack.Decoder(Advisory)
_NAMED = 20
"""How many records that could not be read a shard names."""


def write(
    folder: str, shard: str, records: Iterable[Record], origin: Origin, *, prose: bool = True
) -> int:
    """Write a shard and put it in place of an older one at once; return how many records it has.

    A crash leaves the older one as it was. Raises DatabaseError where the folder or the disk
    refuses.
    """
    content = Content()
    try:
        for record in records:
            content.add(record)
        return content.write(folder, shard, origin, prose=prose)
    finally:
        content.close()


class Content:
    """The records of a shard while it is being made; SQLite spills them to disk when many."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._rows.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;"
            "CREATE TABLE row(name TEXT, affected BLOB, advisory BLOB, prose BLOB)"
        )
        self._flaws: dict[str, Flaw] = {}
        self._ids: set[str] = set()
        self.unread: list[tuple[str, str]] = []
        self._newest = ""

    def __len__(self) -> int:
        return len(self._ids) + len(self._flaws)

    def add(self, record: Record) -> None:
        """Take a record; what several feeds know of a CVE is joined, the later one first."""
        match record:
            case About(_, name, affected, advisory, prose):
                self._rows.execute("INSERT INTO row VALUES(?, ?, ?, ?)", (
                    name, msgpack.encode(affected), msgpack.encode(advisory), msgpack.encode(prose),
                ))  # fmt: skip
                self._ids.add(advisory.id)
                self._newest = max(self._newest, advisory.modified)
            case Known(id, flaw):
                self._flaws[id] = joined(self._flaws.get(id, Flaw()), flaw)
            case Unread(what, reason):
                self.unread.append((what, reason))

    def write(self, folder: str, shard: str, origin: Origin, *, prose: bool = True) -> int:
        """Write the shard and put it in its place; return how many records it has."""
        path = path_of(folder, shard)
        made = ""
        try:
            made = beside(path)
            self._fill(made, origin, prose=prose)
            seal(made)
            put(made, path)
        except (OSError, sqlite3.Error) as error:
            raise DatabaseError(f"{path}: cannot be written: {error}") from error
        finally:
            self.close()
            if made:
                with suppress(OSError):
                    os.unlink(made)
        return len(self)

    def close(self) -> None:
        """Let go of what was collected."""
        self._rows.close()

    def _fill(self, path: str, origin: Origin, *, prose: bool) -> None:
        origin = replace(origin, unread=tuple(self.unread[:_NAMED]), unread_count=len(self.unread))
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.executescript(PRAGMAS + "BEGIN;" + TABLES)
            self._save(connection, prose=prose)
            save_meta(connection, len(self), self._newest, origin)
            connection.execute("COMMIT")
            connection.execute("VACUUM")
        finally:
            connection.close()

    def _save(self, connection: sqlite3.Connection, *, prose: bool) -> None:
        numbers: dict[bytes, int] = {}
        idents: dict[str, list[int]] = {}
        advisories = Blocks(connection, "advisory", packed)
        texts = Blocks(connection, "prose", packed_prose)
        rows = self._rows.execute("SELECT * FROM row ORDER BY name, rowid")
        for name, group in groupby(rows, key=lambda row: row[0]):
            stored = []
            for _, affected, advisory, text in group:
                key = blake2b(advisory, digest_size=16).digest()
                if (number := numbers.get(key)) is None:
                    number = numbers[key] = advisories.add(advisory)
                    if prose:
                        texts.add(text)
                    for id in ids_of(_ADVISORY.decode(advisory)):
                        idents.setdefault(id, []).append(number)
                stored.append(replace(_AFFECTED.decode(affected), number=number))
            body = packed(msgpack.encode(stored))
            connection.execute("INSERT INTO package VALUES(?, ?)", (name, body))
        advisories.flush()
        texts.flush()
        save_idents(connection, sorted(idents.items()))
        save_flaws(connection, self._flaws)


class Blocks:
    """Packs encoded records in blocks of 32 as they come, from a number on."""

    def __init__(
        self, connection: sqlite3.Connection, table: str, pack: Callable[[bytes], bytes],
        first: int = 0,
    ) -> None:  # fmt: skip
        self._connection = connection
        self._insert = f"INSERT OR REPLACE INTO {table} VALUES(?, ?)"
        self._pack = pack
        self._count = first
        self._waiting: list[bytes] = []

    def add(self, encoded: bytes) -> int:
        """Take a record; return its number."""
        self._waiting.append(encoded)
        self._count += 1
        if self._count % BLOCK == 0:
            self.flush()
        return self._count - 1

    def flush(self) -> None:
        """Write the block that is not full."""
        if self._waiting:
            body = self._pack(array(self._waiting))
            self._connection.execute(self._insert, ((self._count - 1) // BLOCK, body))
            self._waiting.clear()


def array(encoded: list[bytes]) -> bytes:
    """Return a MessagePack array of records that are encoded already."""
    count = len(encoded)
    head = bytes([0x90 | count]) if count < 16 else b"\xdc" + count.to_bytes(2, "big")
    return head + b"".join(encoded)


def ids_of(advisory: Advisory) -> set[str]:
    """Return every id by which an advisory is asked for."""
    return {advisory.id, *advisory.aliases, *advisory.covers}


def joined(old: Flaw, new: Flaw) -> Flaw:
    """Join what several feeds, or a later document of one feed, know of a CVE."""
    return Flaw(
        new.ratings or old.ratings, new.cwes or old.cwes,
        new.exploited or old.exploited, new.epss or old.epss,
    )  # fmt: skip


def save_meta(connection: sqlite3.Connection, count: int, newest: str, origin: Origin) -> None:
    """Write what a shard says of itself."""
    meta = {
        "schema": SCHEMA, "records": str(count), "newest": newest,
        "origin": msgpack.encode(origin, order="deterministic").hex(),
    }  # fmt: skip
    connection.executemany("INSERT OR REPLACE INTO meta VALUES(?, ?)", sorted(meta.items()))


def save_idents(connection: sqlite3.Connection, idents: list[tuple[str, list[int]]]) -> None:
    """Write which advisories an id names; `idents` is in the order of the ids."""
    connection.executemany(
        "INSERT INTO ident VALUES(?, ?)",
        ((idents[start][0], packed(msgpack.encode(idents[start : start + IDENTS])))
         for start in range(0, len(idents), IDENTS)),
    )  # fmt: skip


def save_flaws(connection: sqlite3.Connection, flaws: dict[str, Flaw]) -> None:
    """Write what is known of CVEs."""
    connection.executemany("INSERT INTO flaw VALUES(?, ?)", _flaw_blocks(flaws))


def _flaw_blocks(flaws: dict[str, Flaw]) -> Iterator[tuple[str, bytes]]:
    ordered = sorted(flaws.items(), key=lambda item: (flaw_block(item[0]), item[0]))
    for block, members in groupby(ordered, key=lambda item: flaw_block(item[0])):
        yield block, packed(msgpack.encode(dict(members)))
