"""Look advisories up: shards are opened read-only, when the first package of them is seen."""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal

from msgspec import DecodeError, ValidationError, msgpack

from pratique.advisories.shard import (
    BLOCK,
    SCHEMA,
    Origin,
    connect,
    flaw_block,
    origin_of,
    path_of,
    shards_in,
    unpacked,
    unpacked_prose,
)
from pratique.errors import DatabaseError
from pratique.model.advisory import NOTHING, Advisory, Affected, Flaw, Prose, Shard

_HINT = "delete it and run `pratique db update`"
_AFFECTED = msgpack.Decoder(tuple[Affected, ...])
_FLAWS = msgpack.Decoder(dict[str, Flaw])
_IDENTS = msgpack.Decoder(tuple[tuple[str, tuple[int, ...]], ...])
_STARTER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "starter")


class Database:
    """The shards of a folder, each behind the starter's where it has none; satisfies Advisories."""

    def __init__(self, folder: str, starter: str = _STARTER) -> None:
        self._folders = (folder, starter)
        self._open: dict[str, Opened | None] = {}
        self._flaws: dict[str, Flaw] = {}
        """What was asked for: many packages of an image share a flaw."""

    def about(self, ecosystem: str, name: str) -> Sequence[Affected] | None:
        shard = self._shard(ecosystem)
        if shard is None:
            return None
        return shard.about(name)

    def advisory(self, ecosystem: str, number: int) -> Advisory:
        shard = self._shard(ecosystem)
        if shard is None:
            raise DatabaseError(f"there is no shard {ecosystem}", _HINT)
        return shard.advisory(number)

    def flaw(self, id: str) -> Flaw:
        if id not in self._flaws:
            rated = self._flaw(f"CVE:{id[4:8]}", id)
            exploited = self._flaw("KEV", id)
            likely = self._flaw("EPSS", id)
            self._flaws[id] = Flaw(
                rated.ratings, rated.cwes or exploited.cwes, exploited.exploited, likely.epss
            )
        return self._flaws[id]

    def prose(self, ecosystem: str, number: int) -> Prose:
        shard = self._shard(ecosystem)
        block: Sequence[Prose] = shard.block("prose", number // BLOCK) if shard else ()
        return block[number % BLOCK] if number % BLOCK < len(block) else Prose()

    def shards(self) -> Sequence[Shard]:
        return sorted(
            (opened.describe() for opened in self._open.values() if opened), key=lambda s: s.name
        )

    def has(self, ecosystem: str) -> bool:
        """Tell whether there is a shard, the starter's included."""
        return self._shard(ecosystem) is not None

    def describe(self, ecosystem: str) -> Shard | None:
        """Return what a shard says of itself, or None where there is none."""
        shard = self._shard(ecosystem)
        return shard.describe() if shard else None

    def names(self) -> list[str]:
        """Name every shard that is here or ships with Pratique."""
        return sorted({name for folder in self._folders for name in shards_in(folder)})

    def named(self, ecosystem: str, id: str) -> tuple[int, ...]:
        """Return the numbers of the advisories of a shard that an id names."""
        shard = self._shard(ecosystem)
        return shard.named(id) if shard else ()

    def packages(self, ecosystem: str) -> Iterator[tuple[str, Sequence[Affected]]]:
        """Yield every package of a shard with what is known of it."""
        shard = self._shard(ecosystem)
        return shard.packages() if shard else iter(())

    def starter_shards(self) -> list[str]:
        """Name the shards that ship with Pratique."""
        return shards_in(self._folders[1])

    def origin(self, ecosystem: str) -> Origin:
        """Return what a shard says of where its records come from."""
        shard = self._shard(ecosystem)
        if shard is None:
            return Origin("")
        return origin_of(shard.meta)

    def forget(self, shards: Iterable[str]) -> None:
        """Open these shards anew when they are next asked for: they were updated."""
        self._flaws.clear()
        for name in shards:
            if opened := self._open.pop(name, None):
                opened.connection.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        for opened in self._open.values():
            if opened is not None:
                opened.connection.close()
        self._open.clear()

    def _flaw(self, shard_name: str, id: str) -> Flaw:
        shard = self._shard(shard_name)
        return shard.flaw(id) if shard else NOTHING

    def _shard(self, name: str) -> Opened | None:
        if name not in self._open:
            paths = [path_of(folder, name) for folder in self._folders]
            found = next((path for path in paths if os.path.exists(path)), None)
            is_starter = found == paths[1]
            self._open[name] = Opened(name, found, starter=is_starter) if found else None
        return self._open[name]


class Opened:
    """One shard, open for reading."""

    def __init__(self, name: str, path: str, *, starter: bool = False) -> None:
        self.name = name
        self.path = path
        self.starter = starter
        self.connection = connect(path)
        self._built = os.path.getmtime(path)
        self.size = os.path.getsize(path)
        self._known: dict[str, Sequence[Affected]] = {}
        self._flaws: dict[str, dict[str, Flaw]] = {}
        self._blocks: dict[tuple[str, int], Any] = {}
        try:
            self.meta = self._meta()
        except DatabaseError:
            self.connection.close()
            raise

    def value(self, query: str, key: str | int) -> bytes | None:
        try:
            row = self.connection.execute(query, (key,)).fetchone()
        except sqlite3.Error as error:
            raise self._damaged(error) from error
        return row[0] if row else None

    def decoded(
        self, decoder: msgpack.Decoder[Any], body: bytes, unpack: Callable[[bytes], bytes] = bytes
    ) -> Any:
        try:
            return decoder.decode(unpack(body))
        except (ValidationError, DecodeError, zlib.error, ValueError) as error:
            raise self._damaged(error) from error

    def about(self, name: str) -> Sequence[Affected]:
        """Return what is known of a package; images hold many under one name."""
        if name not in self._known:
            body = self.value("SELECT affected FROM package WHERE name = ?", name)
            known = () if body is None else self.decoded(_AFFECTED, body, unpacked)
            self._known[name] = known
        return self._known[name]

    def flaw(self, id: str) -> Flaw:
        """Return what is known of a CVE."""
        block = flaw_block(id)
        if block not in self._flaws:
            body = self.value("SELECT body FROM flaw WHERE block = ?", block)
            self._flaws[block] = {} if body is None else self.decoded(_FLAWS, body, unpacked)
        return self._flaws[block].get(id, NOTHING)

    def named(self, id: str) -> tuple[int, ...]:
        """Return the numbers of the advisories that an id names."""
        query = "SELECT body FROM ident WHERE first <= ? ORDER BY first DESC LIMIT 1"
        body = self.value(query, id)
        idents = () if body is None else self.decoded(_IDENTS, body, unpacked)
        return next((numbers for known, numbers in idents if known == id), ())

    def advisory(self, number: int) -> Advisory:
        """Return an advisory; raise DatabaseError where a package names one that is not there."""
        block: Sequence[Advisory] = self.block("advisory", number // BLOCK)
        if number % BLOCK >= len(block):
            raise DatabaseError(f"{self.path}: lacks an advisory that it names", _HINT)
        return block[number % BLOCK]

    def flaws(self) -> Iterator[tuple[str, Flaw]]:
        """Yield all that is known of CVEs."""
        try:
            for (body,) in self.connection.execute("SELECT body FROM flaw ORDER BY block"):
                yield from self.decoded(_FLAWS, body, unpacked).items()
        except sqlite3.Error as error:
            raise self._damaged(error) from error

    def packages(self) -> Iterator[tuple[str, Sequence[Affected]]]:
        """Yield every package with what is known of it, in the order of the names."""
        try:
            for name, body in self.connection.execute("SELECT name, affected FROM package"):
                yield name, self.decoded(_AFFECTED, body, unpacked)
        except sqlite3.Error as error:
            raise self._damaged(error) from error

    def block(self, table: Literal["advisory", "prose"], number: int) -> Any:
        """Return a block of records; it is kept, for its neighbours are asked for next."""
        key = (table, number)
        if key not in self._blocks:
            query, decoder, unpack = _TABLES[table]
            body = self.value(query, number)
            self._blocks[key] = () if body is None else self.decoded(decoder, body, unpack)
        return self._blocks[key]

    def describe(self) -> Shard:
        import datetime  # noqa: PLC0415 - only for a report that names its data

        origin = origin_of(self.meta)
        built = datetime.datetime.fromtimestamp(self._built, datetime.UTC)
        return Shard(
            self.name, origin.source, origin.built or f"{built:%Y-%m-%dT%H:%M:%SZ}",
            self.meta["newest"], int(self.meta["records"]), self.starter, self.size, origin.feeds,
        )  # fmt: skip

    def _meta(self) -> dict[str, str]:
        try:
            meta = dict(self.connection.execute("SELECT key, value FROM meta"))
        except sqlite3.Error as error:
            raise self._damaged(error) from error
        if meta.get("schema") != SCHEMA:
            hint = "run `pratique db update`"
            raise DatabaseError(f"{self.path}: of another schema ({meta.get('schema')})", hint)
        return meta

    def _damaged(self, error: Exception) -> DatabaseError:
        return DatabaseError(f"{self.path}: damaged: {error}", _HINT)


_TABLES: dict[str, tuple[str, msgpack.Decoder[Any], Callable[[bytes], bytes]]] = {
    "advisory": (
        "SELECT body FROM advisory WHERE block = ?", msgpack.Decoder(tuple[Advisory, ...]), unpacked
    ),
    "prose": (
        "SELECT body FROM prose WHERE block = ?", msgpack.Decoder(tuple[Prose, ...]),
        unpacked_prose,
    ),
}  # fmt: skip
