"""Look advisories up: shards are opened read-only, when the first package of them is seen."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from msgspec import DecodeError, ValidationError, msgpack

from pratique.advisories.shard import SCHEMA, Origin, path_of, shards_in
from pratique.errors import DatabaseError
from pratique.model.advisory import NOTHING, Advisory, Affected, Flaw, Prose, Shard

_AFFECTED = msgpack.Decoder(tuple[Affected, ...])
_ADVISORY = msgpack.Decoder(Advisory)
_FLAW = msgpack.Decoder(Flaw)
_PROSE = msgpack.Decoder(Prose)
_STARTER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "starter")
_DICT_MAGIC = b"\x37\xa4\x30\xec"


class Database:
    """The shards of a folder, each behind the starter's where it has none; satisfies Advisories."""

    def __init__(self, folder: str, starter: str = _STARTER) -> None:
        self._folders = (folder, starter)
        self._open: dict[str, _Opened | None] = {}

    def about(self, ecosystem: str, name: str) -> Sequence[Affected] | None:
        shard = self._shard(ecosystem)
        if shard is None:
            return None
        body = shard.value("SELECT affected FROM package WHERE name = ?", name)
        return () if body is None else shard.decoded(_AFFECTED, body)

    def advisory(self, ecosystem: str, number: int) -> Advisory:
        shard = self._shard(ecosystem)
        query = "SELECT body FROM advisory WHERE number = ?"
        body = shard.value(query, number) if shard else None
        if shard is None or body is None:
            raise DatabaseError(f"shard {ecosystem} lacks the advisory that it names")
        advisory: Advisory = shard.decoded(_ADVISORY, body)
        return advisory

    def flaw(self, id: str) -> Flaw:
        rated = self._flaw(f"CVE:{id[4:8]}", id)
        exploited = self._flaw("KEV", id)
        return Flaw(rated.ratings, rated.cwes or exploited.cwes, exploited.exploited)

    def prose(self, ecosystem: str, id: str) -> Prose:
        shard = self._shard(ecosystem)
        return Prose() if shard is None else shard.prose(id)

    def shards(self) -> Sequence[Shard]:
        return sorted(
            (opened.describe() for opened in self._open.values() if opened), key=lambda s: s.name
        )

    def has(self, ecosystem: str) -> bool:
        """Tell whether there is a shard, the starter's included."""
        return self._shard(ecosystem) is not None

    def starter_shards(self) -> list[str]:
        """Name the shards that ship with Pratique."""
        return shards_in(self._folders[1])

    def origin(self, ecosystem: str) -> Origin:
        """Return what a shard says of where its records come from."""
        shard = self._shard(ecosystem)
        if shard is None:
            return Origin("")
        return msgpack.decode(bytes.fromhex(shard.meta["origin"]), type=Origin)

    def close(self) -> None:
        for opened in self._open.values():
            if opened is not None:
                opened.connection.close()
        self._open.clear()

    def _flaw(self, shard_name: str, id: str) -> Flaw:
        shard = self._shard(shard_name)
        body = shard.value("SELECT body FROM flaw WHERE id = ?", id) if shard else None
        return NOTHING if shard is None or body is None else shard.decoded(_FLAW, body)

    def _shard(self, name: str) -> _Opened | None:
        if name not in self._open:
            paths = [path_of(folder, name) for folder in self._folders]
            found = next((path for path in paths if os.path.exists(path)), None)
            is_starter = found == paths[1]
            self._open[name] = _Opened(name, found, starter=is_starter) if found else None
        return self._open[name]


class _Opened:
    """One shard, open for reading."""

    def __init__(self, name: str, path: str, *, starter: bool) -> None:
        self.name = name
        self.path = path
        self.starter = starter
        address = "file:" + path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        self.connection = sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True)
        self._built = os.path.getmtime(path)
        self.meta = self._meta()

    def value(self, query: str, key: str | int) -> bytes | None:
        try:
            row = self.connection.execute(query, (key,)).fetchone()
        except sqlite3.Error as error:
            raise self._damaged(error) from error
        return row[0] if row else None

    def decoded(self, decoder: msgpack.Decoder[Any], body: bytes) -> Any:
        try:
            return decoder.decode(body)
        except (ValidationError, DecodeError) as error:
            raise self._damaged(error) from error

    def prose(self, id: str) -> Prose:
        body = self.value("SELECT body FROM prose WHERE id = ?", id)
        if body is None:
            return Prose()
        plain: Prose = self.decoded(_PROSE, _decompress(self._dictionary() or b"", body))
        return plain

    def describe(self) -> Shard:
        import datetime  # noqa: PLC0415 - only for a report that names its data

        origin = msgpack.decode(bytes.fromhex(self.meta["origin"]), type=Origin)
        built = datetime.datetime.fromtimestamp(self._built, datetime.UTC)
        return Shard(
            self.name, origin.source, origin.built or f"{built:%Y-%m-%dT%H:%M:%SZ}",
            self.meta["newest"], int(self.meta["records"]), self.starter,
        )  # fmt: skip

    def _dictionary(self) -> bytes | None:
        return self.value("SELECT body FROM prose WHERE id = ?", "")

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
        hint = "delete it and run `pratique db update`"
        return DatabaseError(f"{self.path}: damaged: {error}", hint)


@lru_cache(maxsize=8)
def _decompressor(dictionary: bytes) -> Any:
    import zstandard  # noqa: PLC0415 - 12 ms, only for formats that give descriptions

    kind = (
        zstandard.DICT_TYPE_FULLDICT
        if dictionary.startswith(_DICT_MAGIC)
        else zstandard.DICT_TYPE_RAWCONTENT
    )
    return zstandard.ZstdDecompressor(zstandard.ZstdCompressionDict(dictionary, dict_type=kind))


def _decompress(dictionary: bytes, body: bytes) -> bytes:
    import zstandard  # noqa: PLC0415

    try:
        plain: bytes = _decompressor(dictionary).decompress(body)
    except zstandard.ZstdError as error:
        raise DatabaseError(f"prose is damaged: {error}") from error
    return plain
