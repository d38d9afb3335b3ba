"""Bring shards up to date from the feeds' hosts or mirrors of them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from queue import Empty, Queue
from threading import Thread

from msgspec import Struct
from msgspec.structs import replace

from pratique.advisories.database import Opened
from pratique.advisories.diff import changes
from pratique.advisories.fetch import Fetch
from pratique.advisories.increment import increment
from pratique.advisories.jobs import NOT_YET, Job, may_pass_on, meta, names, next_jobs, origin
from pratique.advisories.place import EVERY, canonical, family, shards_of
from pratique.advisories.reading import Reading
from pratique.advisories.shard import Origin, origin_of, path_of, shards_in
from pratique.advisories.write import Content
from pratique.errors import DatabaseError, NotFound, PratiqueError
from pratique.model.change import Change
from pratique.model.event import FeedDone, FeedStarted, Observe, ignore
from pratique.model.feed import About, Unread

_AT_ONCE = 4
_SHRUNK = 0.75
"""A shard with a smaller share of the records that it had is suspicious."""
_SMALL = 40
"""Records; fewer may come and go."""
_UNREAD = 0.01


class Outcome(Struct, frozen=True):
    """How the update of one shard ended."""

    shard: str
    records: int = 0
    changed: bool = False
    error: str = ""
    """Why it was not brought up to date."""
    absent: bool = False
    """Whether the error is that no place has its documents."""
    is_here: bool = False
    """Whether there is a file of it, an old one where there is an error."""
    notes: tuple[str, ...] = ()
    """What whoever relies on it should know: records that were not read, a feed that stood in."""
    changes: tuple[Change, ...] | None = None
    """What differs from before, where that was asked for and there was a shard before."""


class Request(Struct, frozen=True, kw_only=True):
    """What an update is to do, apart from the shards."""

    folder: str
    fetch: Fetch
    source: str
    """Names the place that documents come from."""
    observe: Observe = ignore
    bulk: bool = False
    """Whether to read feeds that are too large for a scan to wait for."""
    force: bool = False
    """Whether to take a shard that shrank suspiciously."""
    diff: bool = False
    """Whether outcomes are to tell what changed."""


def update(shards: Iterable[str], request: Request) -> list[Outcome]:
    """Update shards; those whose documents have not changed are only marked as looked at.

    A shard whose feed fails keeps its old file and says so in its outcome; where it has none, the
    next feed that serves it stands in.
    """
    settled: dict[str, Outcome] = {}
    notes: dict[str, tuple[str, ...]] = {}
    waiting = dict.fromkeys(shards, NOT_YET)
    while jobs := next_jobs(waiting, request.folder, bulk=request.bulk):
        waiting = {}
        for job, outcomes in _at_once(jobs, request, frozenset(settled)):
            for outcome in outcomes:
                shard = outcome.shard
                if outcome.error and may_pass_on(shard, job, request.folder, bulk=request.bulk):
                    waiting[shard] = job.rank
                    notes[shard] = (*notes.get(shard, ()), outcome.error)
                else:
                    known = (*notes.get(shard, ()), *outcome.notes)
                    settled[shard] = replace(outcome, notes=known)
            # the next feeds may know of further releases
            waiting |= {shard: job.rank for shard in job.shards if shard.endswith(EVERY)}
    return [
        replace(settled[shard], is_here=os.path.exists(path_of(request.folder, shard)))
        for shard in sorted(settled)
    ]


def _at_once(
    jobs: Sequence[Job], request: Request, settled: frozenset[str]
) -> Iterator[tuple[Job, list[Outcome]]]:
    """Do jobs in parallel; yield each with its outcomes, as they end.

    The threads are daemons, so that an interrupted program need not wait for downloads: what they
    write is put in place whole or not at all.
    """
    waiting: Queue[Job] = Queue()
    done: Queue[tuple[Job, list[Outcome] | BaseException]] = Queue()
    for job in jobs:
        waiting.put(job)

    def work() -> None:
        with suppress(Empty):
            while True:
                job = waiting.get_nowait()
                try:
                    done.put((job, _run(job, request, settled)))
                except BaseException as error:  # noqa: BLE001 - raised where it is waited for
                    done.put((job, error))

    for _ in range(min(_AT_ONCE, len(jobs))):
        Thread(target=work, daemon=True).start()
    for _ in jobs:
        job, outcomes = done.get()
        if isinstance(outcomes, BaseException):
            raise outcomes
        yield job, outcomes


def _run(job: Job, request: Request, settled: frozenset[str]) -> list[Outcome]:
    request.observe(FeedStarted(job.label))
    kept = _kept(job, request)
    before = _opened(kept, request) if request.diff else {}
    try:
        outcomes = list(_update(job, kept, request, settled))
        if request.diff:
            outcomes = [_with_changes(outcome, before, request) for outcome in outcomes]
    except PratiqueError as error:
        is_absent = isinstance(error, NotFound)
        outcomes = [Outcome(s, error=error.message, absent=is_absent) for s in job.shards]
    finally:
        for shard in before.values():
            shard.connection.close()
    changed = any(outcome.changed for outcome in outcomes)
    count = sum(outcome.records for outcome in outcomes)
    request.observe(FeedDone(job.label, count, changed))
    return outcomes


def _kept(job: Job, request: Request) -> dict[str, Origin]:
    """Return the shards that are here already, made of the same feeds, and where they are from."""
    wanted = set(job.shards)
    for shard in job.shards:
        if shard.endswith(EVERY):
            wanted |= {s for s in shards_in(request.folder) if family(s) == family(shard)}
    origins = {shard: origin(request.folder, shard) for shard in sorted(wanted)}
    return {shard: o for shard, o in origins.items() if o.feeds and o.feeds == names(job.feeds)}


def _opened(kept: Iterable[str], request: Request) -> dict[str, Opened]:
    """Open shards as they are before the update: what is put in their place does not touch them."""
    return {shard: Opened(shard, path_of(request.folder, shard)) for shard in kept}


def _with_changes(outcome: Outcome, before: dict[str, Opened], request: Request) -> Outcome:
    old = before.get(outcome.shard)
    if not outcome.changed or old is None:
        return outcome
    new = Opened(outcome.shard, path_of(request.folder, outcome.shard))
    try:
        return replace(outcome, changes=tuple(changes(old, new)))
    finally:
        new.connection.close()


def _update(
    job: Job, kept: dict[str, Origin], request: Request, settled: frozenset[str]
) -> Iterator[Outcome]:
    if not job.feeds:
        raise DatabaseError(f"no feed serves {job.label}")
    every = any(shard.endswith(EVERY) for shard in job.shards)
    complete = bool(kept) and all(s in kept or s.endswith(EVERY) for s in job.shards)
    if complete and (
        counts := increment(job.feeds, kept, request.folder, request.fetch, every=every)
    ):
        return iter([Outcome(shard, *counts[shard]) for shard in kept])
    reading = Reading(job.feeds, job.shards[0], request.fetch)
    if not reading.has_changed(_common(list(kept.values())) if complete else {}):
        for shard in kept:
            os.utime(path_of(request.folder, shard))
        return iter([Outcome(shard) for shard in kept])
    return _write(job, reading, request, settled)


def _write(
    job: Job, reading: Reading, request: Request, settled: frozenset[str]
) -> Iterator[Outcome]:
    """Write the shards out of one pass over the documents, but those that are settled."""
    contents: dict[str, Content] = {
        shard: Content() for shard in job.shards if not shard.endswith(EVERY)
    }
    try:
        cursor = _collect(job, reading, contents)
        made_of = Origin(request.source, reading.etags, feeds=names(job.feeds), cursor=cursor)
        for shard, content in contents.items():
            if shard not in settled:
                own = {address for feed in job.feeds for address in feed.documents(shard)}
                absent = tuple(f"{a} is not there" for a in reading.absent if a in own)
                yield _saved(shard, content, made_of, absent, request)
    finally:
        for content in contents.values():
            content.close()


def _collect(job: Job, reading: Reading, contents: dict[str, Content]) -> str:
    """Put each record into the shards that it is of; return the date of the newest one so far."""
    now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    cursor = ""
    for record in reading.records():
        if isinstance(record, Unread):
            for content in contents.values():
                content.add(record)
            continue
        if isinstance(record, About) and cursor < record.advisory.modified[:19] <= now:
            cursor = record.advisory.modified[:19]
        for shard in shards_of(record, job.shards):
            if shard not in contents:
                contents[shard] = Content()
            contents[shard].add(canonical(record))
    return cursor


def _saved(
    shard: str, content: Content, made_of: Origin, notes: tuple[str, ...], request: Request
) -> Outcome:
    """Write one shard, unless what came is not to be trusted."""
    unread = len(content.unread)
    is_empty = not len(content) and not unread
    if doubt := _doubt(shard, content, made_of, request):
        content.close()
        return Outcome(shard, error=doubt, absent=is_empty)
    count = content.write(request.folder, shard, made_of)
    if unread:
        what, reason = content.unread[0]
        notes = (*notes, f"{unread} records were not read, such as {what}: {reason}")
    return Outcome(shard, count, changed=True, notes=notes)


def _doubt(shard: str, content: Content, made_of: Origin, request: Request) -> str:
    """Return why a shard is not to be replaced by what came, if so."""
    if not len(content):
        return f"{request.source} has no record of {shard}"
    if len(content.unread) > _UNREAD * (len(content) + len(content.unread)):
        what, reason = content.unread[0]
        return f"{len(content.unread)} records cannot be read, such as {what}: {reason}"
    old = meta(request.folder, shard)
    before = int(old.get("records", "0"))
    is_same = bool(old) and origin_of(old).feeds == made_of.feeds
    if is_same and not request.force and before > _SMALL and len(content) < _SHRUNK * before:
        return f"only {len(content):,} records came where there were {before:,} (--force takes it)"
    return ""


def _common(origins: Sequence[Origin]) -> dict[str, str]:
    """Return the ETags that all shards were made of; none where one of them is missing."""
    addresses = set(chain.from_iterable(o.etags for o in origins))
    return {
        address: origins[0].etags[address]
        for address in addresses
        if len({o.etags.get(address) for o in origins}) == 1
    }
