"""Put changed records into a shard: a copy of the file is edited, and takes its place at once."""

from __future__ import annotations

import os
import shutil
import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

from msgspec import DecodeError, Raw, ValidationError, msgpack
from msgspec.structs import replace

from pratique.advisories.shard import (
    BLOCK,
    Origin,
    beside,
    packed,
    packed_prose,
    path_of,
    put,
    seal,
    unpacked,
    unpacked_prose,
    unseal,
)
from pratique.advisories.write import (
    Blocks,
    array,
    ids_of,
    save_idents,
    save_meta,
)
from pratique.errors import DatabaseError
from pratique.model.advisory import Advisory, Affected, Prose
from pratique.model.feed import About

_ADVISORY = msgpack.Decoder(Advisory)
_AFFECTED = msgpack.Decoder(tuple[Affected, ...])
_IDENTS = msgpack.Decoder(list[tuple[str, list[int]]])
_RAW = msgpack.Decoder(tuple[Raw, ...])
_NO_ADVISORY = msgpack.encode(Advisory(""))
_NO_PROSE = msgpack.encode(Prose())
_WORN = 0.25
"""Share of advisories that were replaced, from which on a shard is better made anew."""


def patch(
    folder: str, shard: str, gone: Iterable[str], records: Sequence[About], origin: Origin
) -> int | None:
    """Take out the records with the ids `gone`, put `records` in; return how many there are then.

    None where the shard has been edited so much that it should be made anew. Raises DatabaseError
    where the file is damaged or cannot be written.
    """
    path = path_of(folder, shard)
    made = ""
    try:
        made = beside(path)
        shutil.copyfile(path, made)
        unseal(made)
        connection = sqlite3.connect(made, isolation_level=None)
        try:
            count = _Edit(connection).apply(set(gone), records, origin)
        finally:
            connection.close()
        if count is not None:
            seal(made)
            put(made, path)
    except (OSError, sqlite3.Error, DecodeError, ValidationError) as error:
        raise DatabaseError(f"{path}: cannot be brought up to date: {error}") from error
    finally:
        if made:
            with suppress(OSError):
                os.unlink(made)
    return count


class _Edit:
    """A shard that is open for writing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._do = connection.execute
        self._connection = connection
        self._do("PRAGMA journal_mode=OFF")
        self._do("PRAGMA synchronous=OFF")
        self._meta: dict[str, str] = dict(self._do("SELECT key, value FROM meta"))
        self._idents: dict[str, dict[str, set[int]]] = {}
        """Changes by id: numbers to take out, numbers to put in."""

    def apply(
        self, gone: set[str], records: Sequence[About], origin: Origin
    ) -> int | None:  # fmt: skip
        self._do("BEGIN")
        dead = self._find(gone)
        holes = int(self._meta.get("holes", "0")) + len(dead)
        total = self._total()
        if holes > _WORN * total + BLOCK:
            return None
        self._take_out(dead)
        self._put_in(records, total)
        self._save_idents()
        before = {advisory.id for advisory in dead.values()}
        after = {record.advisory.id for record in records}
        count = int(self._meta["records"]) - len(before) + len(after)
        dates = [record.advisory.modified for record in records]
        save_meta(self._connection, count, max([self._meta["newest"], *dates]), origin)
        self._do("INSERT OR REPLACE INTO meta VALUES('holes', ?)", (str(holes),))
        self._do("COMMIT")
        return count

    def _find(self, gone: set[str]) -> dict[int, Advisory]:
        """Return the advisories that are of these records, by their numbers."""
        firsts = [first for (first,) in self._do("SELECT first FROM ident ORDER BY first")]
        numbers: set[int] = set()
        for at in {max(0, bisect_right(firsts, id) - 1) for id in gone} if firsts else ():
            known = dict(self._idents_of(firsts[at]))
            numbers.update(n for id in gone for n in known.get(id, ()))
        found = {number: self._advisory(number) for number in numbers}
        return {number: advisory for number, advisory in found.items() if advisory.id in gone}

    def _take_out(self, dead: dict[int, Advisory]) -> None:
        if not dead:
            return
        for name, body in self._do("SELECT name, affected FROM package").fetchall():
            known = _AFFECTED.decode(unpacked(body))
            kept = [affected for affected in known if affected.number not in dead]
            if len(kept) < len(known):
                self._save_package(name, kept)
        for number, advisory in dead.items():
            for id in ids_of(advisory):
                self._change(id, "out", number)
        for table, empty, pack, unpack in (
            ("advisory", _NO_ADVISORY, packed, unpacked),
            ("prose", _NO_PROSE, packed_prose, unpacked_prose),
        ):
            self._empty(table, dead, empty, pack, unpack)

    def _empty(
        self, table: str, numbers: Iterable[int], empty: bytes,
        pack: Callable[[bytes], bytes], unpack: Callable[[bytes], bytes],
    ) -> None:  # fmt: skip
        for block in {number // BLOCK for number in numbers}:
            if not (row := self._row(table, block)):
                continue
            entries = [bytes(raw) for raw in _RAW.decode(unpack(row))]
            for number in numbers:
                if number // BLOCK == block:
                    entries[number % BLOCK] = empty
            self._do(f"UPDATE {table} SET body = ? WHERE block = ?",  # noqa: S608 - our own names
                     (pack(array(entries)), block))  # fmt: skip

    def _put_in(self, records: Sequence[About], total: int) -> None:
        advisories = self._blocks("advisory", total, packed, unpacked)
        texts = self._blocks("prose", total, packed_prose, unpacked_prose)
        numbers: dict[Advisory, int] = {}
        added: dict[str, list[Affected]] = {}
        for record in records:
            if record.advisory not in numbers:
                number = advisories.add(msgpack.encode(record.advisory))
                texts.add(msgpack.encode(record.prose))
                numbers[record.advisory] = number
                for id in ids_of(record.advisory):
                    self._change(id, "in", number)
            affected = replace(record.affected, number=numbers[record.advisory])
            added.setdefault(record.name, []).append(affected)
        advisories.flush()
        texts.flush()
        for name, new in added.items():
            row = self._do("SELECT affected FROM package WHERE name = ?", (name,)).fetchone()
            self._save_package(name, [*(_AFFECTED.decode(unpacked(row[0])) if row else ()), *new])

    def _save_package(self, name: str, known: Sequence[Affected]) -> None:
        if known:
            body = packed(msgpack.encode(known))
            self._do("INSERT OR REPLACE INTO package VALUES(?, ?)", (name, body))
        else:
            self._do("DELETE FROM package WHERE name = ?", (name,))

    def _blocks(
        self, table: str, total: int,
        pack: Callable[[bytes], bytes], unpack: Callable[[bytes], bytes],
    ) -> Blocks:  # fmt: skip
        """Return a writer that goes on after the last record, in a block that is not full yet."""
        begun = total % BLOCK
        blocks = Blocks(self._connection, table, pack, total - begun)
        if begun and (row := self._row(table, total // BLOCK)):
            for raw in _RAW.decode(unpack(row)):
                blocks.add(bytes(raw))
        return blocks

    def _change(self, id: str, way: str, number: int) -> None:
        self._idents.setdefault(id, {"in": set(), "out": set()})[way].add(number)

    def _save_idents(self) -> None:
        firsts = [first for (first,) in self._do("SELECT first FROM ident ORDER BY first")]
        touched: dict[int, list[str]] = {}
        for id in self._idents:
            touched.setdefault(max(0, bisect_right(firsts, id) - 1), []).append(id)
        for at, ids in touched.items():
            known = {id: set(n) for id, n in self._idents_of(firsts[at])} if firsts else {}
            for id in ids:
                change = self._idents[id]
                known[id] = (known.get(id, set()) - change["out"]) | change["in"]
            if firsts:
                self._do("DELETE FROM ident WHERE first = ?", (firsts[at],))
            kept = sorted((id, sorted(numbers)) for id, numbers in known.items() if numbers)
            save_idents(self._connection, kept)

    def _idents_of(self, first: str) -> list[tuple[str, list[int]]]:
        row = self._do("SELECT body FROM ident WHERE first = ?", (first,)).fetchone()
        return _IDENTS.decode(unpacked(row[0]))

    def _advisory(self, number: int) -> Advisory:
        row = self._row("advisory", number // BLOCK)
        return _ADVISORY.decode(bytes(_RAW.decode(unpacked(row))[number % BLOCK]))

    def _total(self) -> int:
        (last,) = self._do("SELECT max(block) FROM advisory").fetchone()
        if last is None:
            return 0
        return int(last) * BLOCK + len(_RAW.decode(unpacked(self._row("advisory", last))))

    def _row(self, table: str, block: int) -> bytes:
        query = f"SELECT body FROM {table} WHERE block = ?"  # noqa: S608 - our own names
        found: Any = self._do(query, (block,)).fetchone()
        return bytes(found[0]) if found else b""
