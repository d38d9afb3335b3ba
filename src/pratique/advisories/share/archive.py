"""One file for closed networks: an OCI archive of a database, written and taken as a whole.

It is a tar of the OCI layout of what a push writes, so `skopeo` and `oras` can move it.
"""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Sequence
from contextlib import closing, suppress
from hashlib import sha256
from typing import BinaryIO

from msgspec import Struct, json

from pratique.advisories.shard import path_of
from pratique.advisories.share import artifact
from pratique.advisories.share.artifact import ARTIFACT, Entry
from pratique.advisories.share.layout import BLOBS, INDEX, REF, VERSION, Layout, Tar
from pratique.advisories.share.parallel import at_once
from pratique.advisories.share.pull import drop, held, listed, place, require_schema, stage
from pratique.advisories.update import Outcome
from pratique.artifacts.manifest import EMPTY, INDEX_TYPE, MANIFEST, described, digest_in
from pratique.errors import DatabaseError, UsageError
from pratique.model.event import Observe, ignore

TAG = "db"
"""By which the archive names the database, for tools that want a name."""


class Imported(Struct, frozen=True):
    """What came out of an archive."""

    outcomes: list[Outcome]
    unused: int
    """Blobs that the database does not name."""


def export(folder: str, shards: Sequence[str], path: str, sign_key: str = "") -> int:
    """Write shards to one file, whole or not at all; return its bytes.

    The same shards make the same bytes. Raises DatabaseError where a shard is damaged or the file
    cannot be written.
    """
    entries = list(at_once(lambda shard: artifact.entry_of(folder, shard), sorted(shards)))
    beside = f"{path}.{os.getpid()}.part"
    try:
        with open(beside, "wb") as file:
            _write(file, folder, entries, sign_key)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        raise DatabaseError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            os.unlink(beside)
    return os.path.getsize(path)


def _write(file: BinaryIO, folder: str, entries: Sequence[Entry], sign_key: str) -> None:
    manifest = artifact.manifest_of(entries)
    documents = [manifest, EMPTY]
    named = [described(MANIFEST, manifest) | {"artifactType": ARTIFACT, "annotations": {REF: TAG}}]
    if sign_key:
        from pratique.advisories.share.signature import sign  # noqa: PLC0415 - where one is asked for

        signed = sign(digest_in(manifest), "pratique-db", sign_key)
        documents += [signed.manifest, *signed.blobs]
        named.append(described(MANIFEST, signed.manifest) | {"annotations": {REF: signed.tag}})
    index = {
        "schemaVersion": 2, "mediaType": INDEX_TYPE,
        "manifests": named,
    }  # fmt: skip
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        _add(archive, VERSION, b'{"imageLayoutVersion":"1.0.0"}')
        _add(archive, INDEX, json.encode(index))
        for document in documents:
            _add(archive, BLOBS + digest_in(document)[7:], document)
        for entry in {entry.digest: entry for entry in entries}.values():
            _add_shard(archive, folder, entry)


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    archive.addfile(_member(name, len(data)), io.BytesIO(data))


def _add_shard(archive: tarfile.TarFile, folder: str, entry: Entry) -> None:
    path = path_of(folder, entry.shard)
    with open(path, "rb") as opened:
        file = _Hashed(opened)
        archive.addfile(_member(BLOBS + entry.digest[7:], entry.size), file)
        if f"sha256:{file.found.hexdigest()}" != entry.digest:
            raise DatabaseError(f"{path}: was changed while it was exported", "export again")


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = size
    return member


class _Hashed(io.RawIOBase):
    """A file whose digest is taken while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self.found = sha256()
        self._file = file

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.found.update(data)
        return data


def import_(
    path: str, folder: str, wanted: Sequence[str] = (), *, force: bool = False,
    verify_key: str = "", observe: Observe = ignore,
) -> Imported:  # fmt: skip
    """Take a file's shards, or those that are named; all of them or, where one is bad, none.

    Raises MalformedError, DigestMismatch or DatabaseError, each naming what is wrong, before
    anything is put in place.
    """
    files = Tar(path)
    with closing(Layout(path, files)) as layout:
        entries = listed(layout, verify_key)
        names = artifact.selected((e.shard for e in entries), wanted) if wanted else None
        if names == []:
            there = ", ".join(entry.shard for entry in entries)[:200]
            raise UsageError(f"{path} has none of {', '.join(wanted)}, but {there}")
        staged: dict[str, Entry] = {}
        try:
            for entry in entries:  # also what is not wanted: the file is good or bad as a whole
                require_schema(entry, path)
                made = stage(layout, entry, folder, observe)
                staged[made] = entry
                if names is not None and entry.shard not in names:
                    drop(made)
                    del staged[made]
            outcomes = [
                held(entry, folder, force=force) or place(made, entry, folder)
                for made, entry in staged.items()
            ]
        finally:
            for made in staged:
                drop(made)
        return Imported(outcomes, len(files.blobs() - _named(layout, entries)))


def _named(layout: Layout, entries: Sequence[Entry]) -> set[str]:
    """Return the digests of all that an archive's index and its manifests name."""
    return {digest_in(EMPTY), *layout.named(), *(entry.digest for entry in entries)}
