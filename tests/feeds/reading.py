"""Calling feeds as an update does."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from pratique.codecs.rpmversion import version_key
from pratique.model.feed import About, Feed, Record, Unread


def read(feed: Feed, data: bytes | Path, address: str = "https://host/document") -> list[Record]:
    content = data if isinstance(data, bytes) else data.read_bytes()
    return list(feed.parse(io.BytesIO(content), address))


def abouts(records: Iterable[Record]) -> list[About]:
    return [record for record in records if isinstance(record, About)]


def unread(records: Iterable[Record]) -> list[Unread]:
    return [record for record in records if isinstance(record, Unread)]


def fixes(records: Iterable[Record]) -> dict[str, tuple[str, ...]]:
    """Map each package to the versions that fix it, in the order that they come."""
    found: dict[str, tuple[str, ...]] = {}
    for about in abouts(records):
        found[about.name] = (*found.get(about.name, ()), *(r.fixed for r in about.affected.ranges))
    return found


def is_affected(records: Iterable[Record], shard: str, name: str, version: str) -> bool:
    """Tell whether any record of a shard affects a version of a package."""
    at = version_key(version)
    return any(
        (stretch.introduced == "0" or at >= version_key(stretch.introduced))
        and (not stretch.fixed or at < version_key(stretch.fixed))
        and (not stretch.last or at <= version_key(stretch.last))
        for about in abouts(records)
        if (about.ecosystem, about.name) == (shard, name)
        for stretch in about.affected.ranges
    )
