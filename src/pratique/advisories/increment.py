"""Fetch no more than what changed since a shard was made, where its feed tells."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice, takewhile

from msgspec.structs import replace

from pratique.advisories.fetch import Fetch
from pratique.advisories.patch import patch
from pratique.advisories.place import canonical, shard_name, shards_of
from pratique.advisories.shard import Origin, path_of
from pratique.errors import NotFound
from pratique.model.feed import About, Changed, Feed, Record, Unread

_MOST = 2000
"""Records; for more of them the whole document is fetched."""
_AT_ONCE = 8
_SECOND = len("2024-08-15T00:05:00")


def increment(
    feeds: Sequence[Feed], origins: dict[str, Origin], folder: str, fetch: Fetch, *, every: bool
) -> dict[str, tuple[int, bool]] | None:
    """Bring shards up to date by the records that changed; return their counts, and if they did.

    `every` says that a release which there is no shard of yet is wanted too.

    None where that cannot be done, so that the whole must be read: the feed does not tell, too
    much changed, or a mirror lacks the single records.
    """
    feed, address = _listed(feeds, next(iter(origins)))
    cursor = min(origin.cursor for origin in origins.values())
    if not feed or not feed.changes or not cursor:
        return None
    tags = {origin.etags.get(address, "") for origin in origins.values()}
    try:
        document = fetch(address, tags.pop() if len(tags) == 1 else "")
        if document is None:
            return _unchanged(folder, origins)
        with document.file:
            entries = feed.changes.entries(document.file, address)
            changed = list(islice(_since(entries, cursor), _MOST + 1))
        if len(changed) > _MOST:
            return None
        records = _records(feed, changed, fetch)
    except NotFound:
        return None
    if every and any(_is_new(record, folder) for record in records):
        return None
    return _patched(folder, origins, changed, records, (address, document.etag))


def _listed(feeds: Sequence[Feed], shard: str) -> tuple[Feed | None, str]:
    """Return the one feed of a shard, and the address of its list of changes."""
    if len(feeds) != 1 or feeds[0].changes is None:
        return None, ""
    address = feeds[0].changes.document(shard)
    return (feeds[0], address) if address else (None, "")


def _is_new(record: Record, folder: str) -> bool:
    """Tell whether a record is of a release that there is no shard of yet."""
    if not isinstance(record, About) or ":" not in record.ecosystem:
        return False
    return not os.path.exists(path_of(folder, shard_name(record.ecosystem)))


def _unchanged(folder: str, origins: dict[str, Origin]) -> dict[str, tuple[int, bool]]:
    for shard in origins:
        os.utime(path_of(folder, shard))
    return dict.fromkeys(origins, (0, False))


def _since(entries: Iterable[Changed], cursor: str) -> Iterator[Changed]:
    """Yield the entries from the newest on, the cursor's second included."""
    return takewhile(lambda entry: entry.modified[:_SECOND] >= cursor, entries)


def _records(feed: Feed, changed: Sequence[Changed], fetch: Fetch) -> list[Record]:
    """Return what the changed records say now, in their order."""

    def read(entry: Changed) -> list[Record]:
        document = fetch(entry.address, "")
        assert document, "nothing is known of it, so it differs"
        with document.file:
            return list(feed.parse(document.file, entry.address))

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return [record for found in pool.map(read, changed) for record in found]


def _patched(
    folder: str, origins: dict[str, Origin], changed: Sequence[Changed],
    records: Sequence[Record], seen: tuple[str, str],
) -> dict[str, tuple[int, bool]] | None:  # fmt: skip
    """Put the records into the shards; None where one of them is to be made anew."""
    if any(isinstance(record, Unread) for record in records):
        return None  # the whole is refused or taken by its own rule
    about = [canonical(record) for record in records if isinstance(record, About)]
    counts: dict[str, tuple[int, bool]] = {}
    for shard, old in origins.items():
        mine = [record for record in about if shard in shards_of(record, (shard,))]
        dates = (entry.modified[:_SECOND] for entry in changed)
        cursor = max((d for d in dates if d <= _now()), default=old.cursor)
        new = replace(old, etags={**old.etags, seen[0]: seen[1]}, cursor=max(cursor, old.cursor))
        count = patch(folder, shard, (entry.id for entry in changed), mine, new)
        if count is None:
            return None
        counts[shard] = (count, True)
    return counts


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
