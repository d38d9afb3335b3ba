"""All that the database knows of a flaw, in every shard, by any of its ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from pratique.advisories.database import Database
from pratique.advisories.place import shard_name
from pratique.advisories.write import ids_of
from pratique.model.advisory import Advisory, Affected, Flaw, Prose, Shard
from pratique.model.feed import About

_MOST_IDS = 200
"""Ids of one flaw; a bulletin does not join the flaws that it covers."""


class Known(Struct, frozen=True):
    """One record about the flaw, in one shard."""

    shard: str
    advisory: Advisory
    prose: Prose
    packages: tuple[tuple[str, Affected], ...]
    """What it says of each package, by the name that the shard has for it."""


class Explained(Struct, frozen=True):
    """A flaw, as the whole database sees it."""

    id: str
    ids: tuple[str, ...]
    """Its other ids."""
    records: tuple[Known, ...]
    flaw: Flaw
    shards: tuple[Shard, ...]
    """Every shard that was searched."""


def explain(id: str, database: Database, own: Sequence[About] = ()) -> Explained:
    """Return what is known of a flaw: the records that name it, and those of its other ids.

    `own` are records that are not in the database.
    """
    names = database.names()
    ids = {id}
    found: dict[tuple[str, int], Advisory] = {}
    asked: set[str] = set()
    while (waiting := ids - asked) and len(ids) < _MOST_IDS:
        asked |= waiting
        for shard, number, advisory in _named(waiting, names, database):
            found[shard, number] = advisory
            ids |= _ids(advisory)
        ids |= {i for a in own if waiting & ids_of(a.advisory) for i in _ids(a.advisory)}
    records = (*_own(own, ids), *_records(found, database))
    flaws = [database.flaw(one) for one in sorted(ids) if one.startswith("CVE-")]
    return Explained(
        _main(id, ids), tuple(sorted(ids - {_main(id, ids)})), records, _joined(flaws),
        tuple(database.shards()),
    )  # fmt: skip


def _ids(advisory: Advisory) -> set[str]:
    """Return the ids of the one flaw that a record is about; a bulletin is about several."""
    return set() if advisory.covers else {advisory.id, *advisory.aliases}


def _own(own: Iterable[About], ids: set[str]) -> Iterator[Known]:
    for about in own:
        if ids & ids_of(about.advisory):
            name = shard_name(about.ecosystem)
            yield Known(name, about.advisory, about.prose, ((about.name, about.affected),))


def _named(
    ids: Iterable[str], shards: Iterable[str], database: Database
) -> Iterator[tuple[str, int, Advisory]]:
    for shard in shards:
        for id in sorted(ids):
            for number in database.named(shard, id):
                yield shard, number, database.advisory(shard, number)


def _records(found: dict[tuple[str, int], Advisory], database: Database) -> Iterator[Known]:
    for shard in sorted({shard for shard, _ in found}):
        numbers = {number for name, number in found if name == shard}
        packages: dict[int, list[tuple[str, Affected]]] = {}
        for name, known in database.packages(shard):
            for affected in known:
                if affected.number in numbers:
                    packages.setdefault(affected.number, []).append((name, affected))
        for number in sorted(numbers):
            yield Known(
                shard, found[shard, number], database.prose(shard, number),
                tuple(packages.get(number, ())),
            )  # fmt: skip


def _main(asked: str, ids: set[str]) -> str:
    """Return the CVE where there is one."""
    return min((id for id in ids if id.startswith("CVE-")), default=asked)


def _joined(flaws: Iterable[Flaw]) -> Flaw:
    some = list(flaws)
    return Flaw(
        tuple(dict.fromkeys(rating for flaw in some for rating in flaw.ratings)),
        tuple(dict.fromkeys(cwe for flaw in some for cwe in flaw.cwes)),
        next((flaw.exploited for flaw in some if flaw.exploited), None),
        next((flaw.epss for flaw in some if flaw.epss), None),
    )
