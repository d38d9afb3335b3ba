"""Which feeds are asked for a shard, in which order, and which shards come of one reading."""

from __future__ import annotations

import os
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from pratique.advisories.place import family
from pratique.advisories.shard import Origin, meta_of, origin_of, path_of
from pratique.errors import DatabaseError
from pratique.model.feed import Feed
from pratique.plugins import load

NOT_YET = -(1 << 31)
"""Less than any feed's rank."""


class Job(Struct, frozen=True):
    """Shards that one reading of some documents gives, and which feeds are asked."""

    shards: tuple[str, ...]
    rank: int
    feeds: tuple[Feed, ...]

    @property
    def label(self) -> str:
        """Name it for whoever watches."""
        return self.shards[0] if len(self.shards) == 1 else family(self.shards[0])


def offered() -> list[str]:
    """Return every shard that some feed serves."""
    return sorted({shard for feed in load("pratique.feeds", Feed) for shard in feed.offers})


def _feeds(shard: str, folder: str, *, bulk: bool) -> dict[int, tuple[Feed, ...]]:
    """Return the feeds that serve a shard, by rank."""
    ranks: dict[int, tuple[Feed, ...]] = {}
    for feed in load("pratique.feeds", Feed):
        if (bulk or not feed.bulk or _is_made_of(feed, shard, folder)) and (feed.documents(shard)):
            ranks[feed.rank] = (*ranks.get(feed.rank, ()), feed)
    return dict(sorted(ranks.items()))


def _is_made_of(feed: Feed, shard: str, folder: str) -> bool:
    """Tell whether a shard stays with a large feed, of which only what changed need be read."""
    return feed.changes is not None and feed.name in origin(folder, shard).feeds


def may_pass_on(shard: str, job: Job, folder: str, *, bulk: bool) -> bool:
    """Tell whether another feed may speak for a shard.

    Not where there is an old file of the feeds that failed: it is better than what others know.
    """
    if origin(folder, shard).feeds == names(job.feeds):
        return False
    return any(rank > job.rank for rank in _feeds(shard, folder, bulk=bulk))


def next_jobs(shards: dict[str, int], folder: str, *, bulk: bool) -> list[Job]:
    """Put shards together that the same documents of the next rank hold."""
    found: dict[tuple[str, ...], Job] = {}
    for shard, done in sorted(shards.items()):
        ranks = _feeds(shard, folder, bulk=bulk)
        rank, feeds = next(((r, f) for r, f in ranks.items() if r > done), (0, ()))
        addresses = tuple(address for feed in feeds for address in feed.documents(shard))
        key = addresses or (shard,)
        job = found.get(key) or Job((), rank, feeds)
        if feeds or done == NOT_YET:  # nobody serves it: that is an outcome too
            found[key] = replace(job, shards=(*job.shards, shard))
    return list(found.values())


def names(feeds: Sequence[Feed]) -> tuple[str, ...]:
    return tuple(feed.name for feed in feeds)


def origin(folder: str, shard: str) -> Origin:
    """Return what an existing shard says of its source, nothing for one that cannot be read."""
    known = meta(folder, shard)
    return origin_of(known) if known else Origin("")


def meta(folder: str, shard: str) -> dict[str, str]:
    path = path_of(folder, shard)
    if not os.path.exists(path):
        return {}
    try:
        known = meta_of(path)
        origin_of(known)
    except (DatabaseError, KeyError, ValueError):
        return {}
    return known
