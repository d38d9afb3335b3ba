"""One file of the database: what it looks like, how it is named, found and put in its place.

A shard is an SQLite file with a seal behind it. `package` has a row for each name, all its ranges
in one value, so that a look-up is one read; `advisory` holds what only matters for a match, `prose`
what is said of it in words, `ident` which advisories an id names, `flaw` what is known of CVEs: all
in compressed blocks. The seal is the SHA-256 of what precedes it; SQLite reads no further than its
own header says, so readers need not know of it.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
import zlib
from contextlib import suppress

from msgspec import Struct, msgpack

from pratique.errors import DatabaseError

SCHEMA = "4"
BLOCK = 32
"""Advisories that are compressed together; those of one package are neighbours."""
IDENTS = 256
"""Ids that are compressed together, in their order."""
TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE package(name TEXT PRIMARY KEY, affected BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE advisory(block INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE prose(block INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE ident(first TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE flaw(block TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
"""
# small pages: most shards are small; no journal: nobody reads it yet
PRAGMAS = "PRAGMA page_size=1024; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
_SEAL = b"PRATIQUE"
_SEALED = len(_SEAL) + 32
_ABANDONED = 3600  # seconds
_WORTH = 128  # bytes; less is not worth compressing
_PIECE = 1 << 20

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
    feeds: tuple[str, ...] = ()
    """Who spoke: the feeds that it was made of."""
    cursor: str = ""
    """The newest entry of the feed's list of changes that is in here."""
    unread: tuple[tuple[str, str], ...] = ()
    """Records that could not be read, the first of them, each with the reason."""
    unread_count: int = 0


# made at import: msgspec 0.22 may crash where threads are the first to use a type
_ORIGIN = msgpack.Decoder(Origin)


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


def beside(path: str) -> str:
    """Return where to make a file that will be put in place of `path`; old leftovers go."""
    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    _sweep(folder)
    return f"{path}.{os.getpid()}-{os.urandom(4).hex()}.new"


def _sweep(folder: str) -> None:
    """Remove what updates that were killed left behind, an hour ago or more."""
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        with suppress(OSError):
            if name.endswith(".new") and time.time() - os.path.getmtime(path) > _ABANDONED:
                os.unlink(path)


def seal(path: str) -> None:
    """Write the seal behind a finished SQLite file."""
    with open(path, "r+b") as file:
        digest = hashlib.sha256()
        while piece := file.read(_PIECE):
            digest.update(piece)
        file.write(_SEAL + digest.digest())


def unseal(path: str) -> None:
    """Take the seal off, so that SQLite may write the file again."""
    os.truncate(path, os.path.getsize(path) - _SEALED)


def put(made: str, path: str) -> None:
    """Put a sealed file in place of an older one, at once and for good."""
    with open(made, "rb") as file:
        os.fsync(file.fileno())
    os.replace(made, path)
    with suppress(OSError):  # not every file system can
        folder = os.open(os.path.dirname(path), os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def check(path: str) -> None:
    """Raise DatabaseError unless a file is a whole shard of this schema, to the last bit."""
    size = os.path.getsize(path)
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        left = size - _SEALED
        while left > 0 and (piece := file.read(min(left, _PIECE))):
            digest.update(piece)
            left -= len(piece)
        if file.read() != _SEAL + digest.digest():
            raise DatabaseError(f"{path}: damaged, or no shard: its seal does not fit its content")
    meta = meta_of(path)
    if meta.get("schema") != SCHEMA:
        raise DatabaseError(
            f"{path}: of another schema ({meta.get('schema')}, this version has {SCHEMA})"
        )


def connect(path: str) -> sqlite3.Connection:
    """Open a shard for reading; nobody writes a file that is in its place."""
    address = "file:" + path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True)


def meta_of(path: str) -> dict[str, str]:
    """Return what a shard says of itself; raise DatabaseError where it cannot be read."""
    try:
        connection = connect(path)
        try:
            return dict(connection.execute("SELECT key, value FROM meta"))
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise DatabaseError(f"{path}: damaged: {error}") from error


def origin_of(meta: dict[str, str]) -> Origin:
    """Return where the records come from, out of a shard's `meta`."""
    return _ORIGIN.decode(bytes.fromhex(meta["origin"]))


def packed(data: bytes) -> bytes:
    """Compress with what Python brings along: a scan of a warm cache imports nothing for it."""
    return zlib.compress(data, 9) if len(data) > _WORTH else b"\0" + data


def unpacked(data: bytes) -> bytes:
    """Return what was packed; raises zlib.error where it is damaged."""
    return data[1:] if data[:1] == b"\0" else zlib.decompress(data)


def packed_prose(data: bytes) -> bytes:
    """Compress words: zstd is worth its import to who builds a database."""
    import zstandard  # noqa: PLC0415

    return zstandard.ZstdCompressor(level=9).compress(data)


def unpacked_prose(data: bytes) -> bytes:
    """Return words that were compressed; raises ValueError where they are damaged."""
    import zstandard  # noqa: PLC0415 - 12 ms, only for formats that give descriptions

    try:
        return zstandard.ZstdDecompressor().decompress(data)
    except zstandard.ZstdError as error:
        raise ValueError(error) from error


def flaw_block(id: str) -> str:
    """Return the block of a CVE: `CVE-2024-123` for each of CVE-2024-12300 to 12399."""
    return id[:-2]
