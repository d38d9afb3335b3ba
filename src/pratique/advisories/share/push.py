"""Write a folder's shards to a registry: only the blobs that it lacks."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct

from pratique.advisories.shard import path_of
from pratique.advisories.share import artifact
from pratique.advisories.share.artifact import Entry
from pratique.advisories.share.parallel import at_once
from pratique.artifacts.manifest import EMPTY, MANIFEST, digest_in
from pratique.artifacts.remote import Remote
from pratique.errors import DatabaseError, MalformedError, NotFound, SourceError, Unauthorized
from pratique.model.event import BytesRead, FeedDone, FeedStarted, Observe, ignore


class Pushed(Struct, frozen=True):
    """What a push did."""

    digest: str
    """Of the manifest."""
    sent: tuple[str, ...]
    """Shards that were not there yet."""
    changed: bool
    """Whether the tag names another database than before."""


def push(
    remote: Remote, folder: str, shards: Sequence[str], observe: Observe = ignore, *,
    force: bool = False,
) -> Pushed:  # fmt: skip
    """Make a tag name a database of these shards.

    Raises DatabaseError where a shard is damaged, SourceError where the registry refuses, and
    MalformedError where the tag names something else, an image for example (`force` takes it over).
    The tag is written last: who pulls meanwhile gets the old database or the new one.
    """
    remote.check_writable()
    entries = list(at_once(lambda shard: artifact.entry_of(folder, shard), shards))
    manifest = artifact.manifest_of(entries)
    old, known = _old(remote, force=force)
    if old == manifest:
        return Pushed(digest_in(manifest), (), changed=False)
    sent = _send(remote, folder, entries, known, observe)
    try:
        remote.tag(manifest, MANIFEST)
    except Unauthorized:
        raise
    except SourceError:
        if not known:
            raise
        # what the old manifest names may be gone: look at each
        sent = (*sent, *_send(remote, folder, entries, (), observe))
        remote.tag(manifest, MANIFEST)
    return Pushed(digest_in(manifest), sent, changed=True)


def _old(remote: Remote, *, force: bool) -> tuple[bytes, frozenset[str]]:
    """Return the manifest that the tag names now, and the digests of the blobs it needs."""
    try:
        data, _ = remote.manifest()
        return data, frozenset(entry.digest for entry in artifact.read(data, remote.name))
    except NotFound:
        return b"", frozenset()
    except MalformedError as error:
        if not force:
            hint = "--force makes the tag name the database instead."
            raise MalformedError(error.reason, error.where, hint) from error
        return b"", frozenset()


def _send(
    remote: Remote, folder: str, entries: Sequence[Entry], known: Collection[str],
    observe: Observe,
) -> tuple[str, ...]:  # fmt: skip
    """Upload the blobs that are not known to be there; return the shards that were sent."""

    def send(entry: Entry) -> bool:
        if remote.has(entry.digest):
            return False
        observe(FeedStarted(entry.shard))
        _upload(remote, folder, entry)
        observe(BytesRead(entry.size))
        observe(FeedDone(entry.shard, entry.records, changed=True))
        return True

    if not known:
        remote.write(EMPTY)
    unknown = {entry.digest: entry for entry in entries if entry.digest not in known}
    sent = zip(unknown.values(), at_once(send, unknown.values()), strict=True)
    return tuple(entry.shard for entry, is_sent in sent if is_sent)


def _upload(remote: Remote, folder: str, entry: Entry) -> None:
    path = path_of(folder, entry.shard)
    try:
        with open(path, "rb") as file:
            is_same = artifact.digest_of(file) == entry.digest
            file.seek(0)
            if is_same:
                remote.upload(entry.digest, file, entry.size)
    except OSError as error:
        raise DatabaseError(f"{path}: cannot be read: {error.strerror}") from error
    if not is_same:
        raise DatabaseError(f"{path}: was changed while it was pushed", "push again")
