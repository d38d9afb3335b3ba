"""What a shared database looks like: an OCI manifest with a layer for each shard.

https://github.com/opencontainers/image-spec/blob/main/manifest.md, "Guidelines for Artifact Usage".
The same shards, looked at at the same time, make the same bytes.
"""

from __future__ import annotations

import os
import re
from calendar import timegm
from collections.abc import Iterable, Sequence
from hashlib import sha256
from time import gmtime, strftime, strptime
from typing import BinaryIO

from msgspec import Struct, json

from pratique.advisories.shard import SCHEMA, check, meta_of, path_of
from pratique.artifacts.manifest import EMPTY, EMPTY_TYPE, MANIFEST, described
from pratique.codecs import oci
from pratique.errors import DatabaseError, MalformedError

ARTIFACT = "application/vnd.pratique.db.v1"
SHARD = "application/vnd.pratique.db.shard.v1"
TITLE = "org.opencontainers.image.title"
_RECORDS, _NEWEST = "vnd.pratique.records", "vnd.pratique.newest"
_CHECKED, _SCHEMA = "vnd.pratique.checked", "vnd.pratique.schema"
_SECONDS = "%Y-%m-%dT%H:%M:%SZ"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .:_+~()&,'-]{0,99}")
_LARGEST = 2 << 30
_MOST = 20_000  # shards
_PIECE = 1 << 20


class Entry(Struct, frozen=True):
    """A shard as a shared database lists it."""

    shard: str
    digest: str
    size: int
    records: int
    newest: str
    checked: int
    """When it was last compared with its source, in seconds since 1970."""
    schema: str

    @property
    def date(self) -> str:
        """The time of `checked`, as people read it."""
        return strftime("%Y-%m-%d %H:%M", gmtime(self.checked))


def entry_of(folder: str, shard: str) -> Entry:
    """Return what is said of a shard of a folder; raise DatabaseError for one that is not whole."""
    path = path_of(folder, shard)
    if not _NAME.fullmatch(shard):
        raise DatabaseError(f"{path}: {shard!r} is no name that can be shared")
    try:
        with open(path, "rb") as file:
            seen = os.fstat(file.fileno())
            digest = digest_of(file)
        check(path)
    except OSError as error:
        raise DatabaseError(f"{path}: cannot be read: {error.strerror}") from error
    meta = meta_of(path)
    return Entry(
        shard, digest, seen.st_size, int(meta["records"]), meta["newest"], int(seen.st_mtime),
        meta["schema"],
    )  # fmt: skip


def digest_of(file: BinaryIO) -> str:
    """Return the digest of a file from where it stands."""
    found = sha256()
    while piece := file.read(_PIECE):
        found.update(piece)
    return f"sha256:{found.hexdigest()}"


def selected(shards: Iterable[str], wanted: Sequence[str]) -> list[str]:
    """Return the shards that some name means: `Debian:12`, or `Debian` for every release of it."""
    names = {name.removesuffix(":*") for name in wanted}
    return sorted(s for s in shards if s in names or s.partition(":")[0] in names)


def manifest_of(entries: Iterable[Entry]) -> bytes:
    """Return the manifest of a database."""
    document = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": ARTIFACT,
        "config": described(EMPTY_TYPE, EMPTY),
        "layers": [_layer(entry) for entry in sorted(entries, key=lambda entry: entry.shard)],
        "annotations": {_SCHEMA: SCHEMA},
    }
    return json.encode(document)


def _layer(entry: Entry) -> dict[str, object]:
    return {
        "mediaType": SHARD, "digest": entry.digest, "size": entry.size,
        "annotations": {
            TITLE: entry.shard, _CHECKED: strftime(_SECONDS, gmtime(entry.checked)),
            _NEWEST: entry.newest, _RECORDS: str(entry.records), _SCHEMA: entry.schema,
        },
    }  # fmt: skip


def read(data: bytes, where: str) -> list[Entry]:
    """Return the shards that a manifest lists.

    Raises MalformedError for what is no database of Pratique's, or not to be trusted in its form:
    a name twice, a name that is none, sizes and times that cannot be.
    """
    manifest = oci.read_manifest(data, where)
    if manifest.artifact_type != ARTIFACT:
        kind = manifest.artifact_type or manifest.config.media_type or "an artifact of no type"
        raise MalformedError(f"is no database of Pratique's ({_short(kind)})", where)
    if len(manifest.layers) > _MOST:
        raise MalformedError(f"lists more than {_MOST} shards", where)
    entries = [_entry(layer, where) for layer in manifest.layers]
    if len({entry.shard for entry in entries}) != len(entries):
        raise MalformedError("lists a shard twice", where)
    return entries


def _entry(layer: oci.Descriptor, where: str) -> Entry:
    said = layer.annotations
    name, records, checked = (said.get(key, "") for key in (TITLE, _RECORDS, _CHECKED))
    if layer.media_type != SHARD:
        raise MalformedError(f"a layer is no shard but {_short(layer.media_type)}", where)
    if not _NAME.fullmatch(name) or len(os.path.basename(path_of("", name))) > 200:
        raise MalformedError(f"{_short(name)} is no name of a shard", where)
    if not layer.digest.startswith("sha256:") or not 0 < layer.size <= _LARGEST:
        raise MalformedError(f"{name} has a size or a digest that cannot be", where)
    if not (records.isascii() and records.isdigit() and len(records) < 12):
        raise MalformedError(f"{name} does not say how many records it has", where)
    newest, schema = said.get(_NEWEST, ""), said.get(_SCHEMA, "")
    time = _seconds(checked)
    if time is None:
        raise MalformedError(f"{name} does not say when it was compared with its source", where)
    return Entry(name, layer.digest, layer.size, int(records), newest, time, schema)


def _seconds(text: str) -> int | None:
    """Return the seconds since 1970 of a time, None for what is none."""
    try:
        return timegm(strptime(text, _SECONDS)) if _TIME.fullmatch(text) else None
    except ValueError:
        return None


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:60] + "…")
