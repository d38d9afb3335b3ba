"""Bring shards up to date from the feeds' hosts or a mirror of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import BinaryIO, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from pratique.advisories.database import Database
from pratique.advisories.shard import Origin, path_of, write
from pratique.errors import DatabaseError, NotFound, PratiqueError
from pratique.model.ecosystem import Ecosystem
from pratique.model.event import FeedDone, FeedStarted, Observe, ignore
from pratique.model.feed import About, Feed, Known, Unread
from pratique.plugins import load

R = TypeVar("R", bound=About | Known)


class Document(Struct):
    """A feed's document as it was fetched."""

    file: BinaryIO
    etag: str = ""


class Fetch(Protocol):
    """Gets a document by its upstream address."""

    def __call__(self, address: str, etag: str) -> Document | None:
        """Return it, None where it still has this ETag; raise NotFound or Unavailable."""


class Outcome(Struct, frozen=True):
    """How the update of one shard ended."""

    shard: str
    records: int = 0
    changed: bool = False
    error: str = ""


def family(shard: str) -> str:
    """Return what a feed serves a shard by: all of Debian's releases come in one document."""
    return shard if shard.startswith("CVE:") else shard.partition(":")[0]


def update(
    folder: str, shards: Iterable[str], fetch: Fetch, source: str, observe: Observe = ignore
) -> list[Outcome]:
    """Update shards; those whose source has not changed are only marked as looked at.

    A shard whose feed fails keeps its old file and says so in its outcome. Feeds that come in one
    document for several releases are fetched once.
    """
    families: dict[str, list[str]] = {}
    for shard in shards:
        families.setdefault(family(shard), []).append(shard)
    return [
        outcome
        for name, wanted in sorted(families.items())
        for outcome in _update_family(folder, name, wanted, fetch, source, observe)
    ]


def _update_family(
    folder: str, name: str, wanted: Sequence[str], fetch: Fetch, source: str, observe: Observe
) -> list[Outcome]:
    observe(FeedStarted(name))
    known = [_origin(folder, shard) for shard in wanted]
    complete = all(os.path.exists(path_of(folder, shard)) for shard in wanted)
    try:
        fetched = _Fetched(name, fetch, known[0].etags if complete else {})
        if complete and not fetched.changed:
            for shard in wanted:
                os.utime(path_of(folder, shard))
            observe(FeedDone(name, 0, changed=False))
            return [Outcome(shard) for shard in wanted]
        outcomes = list(_write(folder, wanted, fetched, source))
    except PratiqueError as error:
        return [Outcome(shard, error=error.message) for shard in wanted]
    observe(FeedDone(name, sum(outcome.records for outcome in outcomes), changed=True))
    return outcomes


class _Fetched:
    """The documents of one family: all of them once one has changed."""

    def __init__(self, name: str, fetch: Fetch, etags: dict[str, str]) -> None:
        self._sources = [
            (f, a) for f in load("pratique.feeds", Feed) for a in f.documents(name) if f.rank == 0
        ]
        if not self._sources:
            raise DatabaseError(f"no feed serves {name}")
        self._fetch = fetch
        self.etags: dict[str, str] = {}
        self.changed = False
        self._documents: dict[str, Document] = {}
        for _, address in self._sources:
            self._get(address, etags.get(address, ""))
        if self.changed:  # what had not changed is needed as well
            for _, address in self._sources:
                if address in self.etags and address not in self._documents:
                    self._get(address, "")
        if not self.etags:
            raise NotFound(f"{self._sources[0][1]}: not found")

    def _get(self, address: str, etag: str) -> None:
        try:
            document = self._fetch(address, etag)
        except NotFound:
            if len(self._sources) == 1:
                raise
            return  # a mirror may lack a year
        self.etags[address] = document.etag if document else etag
        if document:
            self.changed = True
            self._documents[address] = document

    def records(self) -> Iterator[About | Known]:
        for feed, address in self._sources:
            if document := self._documents.get(address):
                with document.file:
                    for record in feed.parse(document.file, address):
                        if not isinstance(record, Unread):
                            yield record


def _write(folder: str, wanted: Sequence[str], fetched: _Fetched, source: str) -> Iterator[Outcome]:
    """Write the wanted shards out of one pass over the documents."""
    by_shard: dict[str, list[About | Known]] = {shard: [] for shard in wanted}
    for record in fetched.records():
        for shard in shards_of(record, wanted):
            by_shard[shard].append(canonical(record))
    for shard, records in by_shard.items():
        if not records:
            yield Outcome(shard, error=f"{source} has no record of {shard}")
            continue
        count = write(folder, shard, records, Origin(source, fetched.etags))
        yield Outcome(shard, count, changed=True)


def shards_of(record: About | Known, wanted: Sequence[str]) -> Iterator[str]:
    """Yield which of some shards a record belongs in.

    One that names no release is about all of them; where it names no ecosystem either, it is of
    the shard that was asked for.
    """
    if isinstance(record, Known):
        names = {f"CVE:{record.id[4:8]}", "KEV", "EPSS"}
        return (shard for shard in wanted if shard in names)
    name = shard_name(record.ecosystem)
    if not name:
        return iter(wanted)
    if ":" not in name:
        return (shard for shard in wanted if family(shard) == name)
    return (shard for shard in wanted if shard in (name, family(name)))


@cache
def shard_name(ecosystem: str) -> str:
    """Return the shard of what a record writes: `Red Hat:9` for every repository of RHEL 9."""
    name, colon, release = ecosystem.partition(":")
    known = next((e for e in load("pratique.ecosystems", Ecosystem) if e.name == name), None)
    return f"{name}:{known.fold(release)}" if known and colon else ecosystem


def canonical(record: R) -> R:
    """Return a record with its package's name as look-ups will write it."""
    if isinstance(record, Known):
        return record
    name = _canonical_name(record.ecosystem.partition(":")[0])(record.name)
    return record if name == record.name else replace(record, name=name)


@cache
def _canonical_name(family: str) -> Callable[[str], str]:
    ecosystems = load("pratique.ecosystems", Ecosystem)
    return next((e.canonical for e in ecosystems if e.name == family), str)


def _origin(folder: str, shard: str) -> Origin:
    """Return what an existing shard says of its source, nothing for one that cannot be read."""
    database = Database(folder, starter=folder)
    try:
        return database.origin(shard)
    except DatabaseError:
        return Origin("")
    finally:
        database.close()
