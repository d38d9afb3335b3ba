"""Take shards from a shared database: only what differs, each verified, each put at once."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import BinaryIO

from pratique.advisories.parts import Part
from pratique.advisories.shard import SCHEMA, TABLES, beside, check, connect, path_of, put
from pratique.advisories.share import artifact
from pratique.advisories.share.artifact import Entry
from pratique.advisories.share.parallel import at_once
from pratique.advisories.share.repository import Repository
from pratique.advisories.update import Outcome
from pratique.errors import DatabaseError, DigestMismatch, PratiqueError, Unavailable
from pratique.model.event import BytesRead, FeedDone, FeedStarted, Observe, ignore

_PIECE = 1 << 20


def listed(repository: Repository, verify_key: str = "") -> list[Entry]:
    """Return what a database has; with a key, only after its signature was verified.

    Raises DatabaseError for one that is not signed by the key, MalformedError for what is no
    database.
    """
    data, digest = repository.manifest()
    if verify_key:
        from pratique.advisories.share.signature import verify  # noqa: PLC0415 - where one is asked for

        verify(repository, digest, verify_key)
    return artifact.read(data, repository.name)


def pull(
    repository: Repository, entries: Sequence[Entry], folder: str, *, force: bool = False,
    observe: Observe = ignore,
) -> list[Outcome]:  # fmt: skip
    """Take shards, unless they are here already or newer here (`force` takes those all the same).

    A shard that cannot be taken stays as it was, with an error in its outcome.
    """

    def take(entry: Entry) -> Outcome:
        observe(FeedStarted(entry.shard))
        try:
            outcome = _taken(repository, entry, folder, force=force, observe=observe)
        except PratiqueError as error:
            outcome = Outcome(entry.shard, error=error.message)
        observe(FeedDone(entry.shard, outcome.records, outcome.changed))
        return outcome

    return list(at_once(take, entries))


def _taken(
    repository: Repository, entry: Entry, folder: str, *, force: bool, observe: Observe
) -> Outcome:
    require_schema(entry, repository.name)
    if settled := held(entry, folder, force=force):
        return settled
    return place(stage(repository, entry, folder, observe), entry, folder)


def place(made: str, entry: Entry, folder: str) -> Outcome:
    """Put what was staged in its place; raise DatabaseError where the folder refuses."""
    try:
        put(made, path_of(folder, entry.shard))
    except OSError as error:
        raise DatabaseError(f"{folder}: cannot be written: {error.strerror}") from error
    finally:
        drop(made)
    return Outcome(entry.shard, entry.records, changed=True)


def require_schema(entry: Entry, where: str) -> None:
    """Raise DatabaseError for a shard that this version cannot read."""
    if entry.schema != SCHEMA:
        found = entry.schema[:20] or "none"
        said = f"of another schema ({found}, this version reads {SCHEMA})"
        raise DatabaseError(f"{where}: {entry.shard} is {said}")


def held(entry: Entry, folder: str, *, force: bool) -> Outcome | None:
    """Return the outcome for a shard that need not be taken; one that is the same gets its time."""
    try:
        with open(path_of(folder, entry.shard), "rb") as file:
            seen = os.fstat(file.fileno())
            is_same = seen.st_size == entry.size and artifact.digest_of(file) == entry.digest
            if is_same and _time(entry) > seen.st_mtime:
                os.utime(file.fileno(), (_time(entry), _time(entry)))
    except FileNotFoundError:
        return None
    except OSError as error:
        path = path_of(folder, entry.shard)
        raise DatabaseError(f"{path}: cannot be read: {error.strerror}") from error
    if is_same:
        return Outcome(entry.shard, entry.records)
    if entry.checked < int(seen.st_mtime) and not force:
        note = f"the one here is newer than that of {entry.date} (--force takes it)"
        return Outcome(entry.shard, entry.records, notes=(note,))
    return None


def stage(repository: Repository, entry: Entry, folder: str, observe: Observe = ignore) -> str:
    """Return a file beside the shard's place that is what was asked for, to the last bit.

    Raises DigestMismatch, DatabaseError for a shard that is damaged though its digest fits, or
    where the folder or the disk refuses.
    """
    made = ""
    try:
        made = beside(path_of(folder, entry.shard))
        if repository.is_local:
            _copy(repository.blob(entry.digest, entry.size), made, entry, repository.name)
        else:
            with _fetched(repository, entry, folder, observe) as arrived:
                _copy(iter(lambda: arrived.read(_PIECE), b""), made, entry, repository.name)
        _check(made, f"{repository.name}: {entry.shard}")
        os.utime(made, (_time(entry), _time(entry)))
    except OSError as error:
        drop(made)
        raise DatabaseError(f"{folder}: cannot be written: {error.strerror}") from error
    except BaseException:
        drop(made)
        raise
    return made


def drop(path: str) -> None:
    """Remove what was staged and is not wanted, or was put in its place."""
    with suppress(OSError):
        os.unlink(path)


def _time(entry: Entry) -> int:
    """Return when a shard was looked at; what claims to be of the future is of now."""
    return min(entry.checked, int(time.time()))


def _fetched(repository: Repository, entry: Entry, folder: str, observe: Observe) -> BinaryIO:
    """Return a blob in a file; what an earlier process got of it is not asked for again."""
    with Part(os.path.join(folder, "parts"), entry.digest) as part:
        if part.size > entry.size or not part.size:
            part.begin(200, {"etag": entry.digest})
        while part.size < entry.size:
            before = part.size
            try:
                for chunk in repository.blob(entry.digest, entry.size, before):
                    part.write(chunk)
                    observe(BytesRead(len(chunk)))
            except Unavailable:
                if part.size == before:
                    raise
                continue
            if part.size != entry.size:
                count = part.size
                part.drop()
                said = f"{count:,} bytes instead of {entry.size:,}"
                raise DigestMismatch(f"{repository.name} gave {said} for {entry.shard}")
        return part.whole()


def _copy(pieces: Iterator[bytes], made: str, entry: Entry, name: str) -> None:
    found = sha256()
    with open(made, "wb") as file:
        for piece in pieces:
            found.update(piece)
            file.write(piece)
    if f"sha256:{found.hexdigest()}" != entry.digest:
        actual = f"sha256:{found.hexdigest()}"
        raise DigestMismatch(f"{name} gave {actual} for {entry.shard}, which is {entry.digest}")


def _check(path: str, where: str) -> None:
    """Raise DatabaseError, which says where it is from, unless a file is a whole shard."""
    try:
        _examine(path)
        check(path)
    except DatabaseError as error:
        raise DatabaseError(error.message.replace(path, where)) from error


def _examine(path: str) -> None:
    """Raise DatabaseError unless a file has the tables of a shard and nothing else.

    A view or a trigger would be run by whoever reads it.
    """
    query = "SELECT substr(sql, 1, 1000) FROM sqlite_master WHERE sql IS NOT NULL LIMIT 20"
    try:
        connection = connect(path)
        try:
            found = {sql for (sql,) in connection.execute(query)}
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise DatabaseError(f"{path}: damaged, or no shard: {error}") from error
    if found != set(_statements()):
        raise DatabaseError(f"{path}: no shard: its tables are others")


def _statements() -> Iterator[str]:
    return (statement.strip() for statement in TABLES.split(";") if statement.strip())
