"""What differs between two states of a shard, by package and record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pratique.advisories.database import Opened
from pratique.model.advisory import SEVERITIES, Advisory, Affected, Flaw
from pratique.model.change import Change


class _Record(Struct, frozen=True):
    """What one record says of one package, apart from where it is kept."""

    advisory: Advisory
    affected: tuple[Affected, ...]


def changes(old: Opened, new: Opened) -> Iterator[Change]:
    """Yield what was added, changed and withdrawn, by package in the order of their names.

    A record that only got a new date or other words has not changed.
    """
    for name, before, after in _pairs(old, new):
        was, now = _records(old, before), _records(new, after)
        for id in sorted(was.keys() | now.keys()):
            if was.get(id) != now.get(id):
                yield _change(name, was.get(id), now.get(id))
    yield from _flaws(old, new)


def _pairs(
    old: Opened, new: Opened
) -> Iterator[tuple[str, Sequence[Affected], Sequence[Affected]]]:
    """Yield what both say of each package, side by side: both are in the order of the names."""
    left, right = old.packages(), new.packages()
    one, other = next(left, None), next(right, None)
    while one or other:
        if other is None or (one and one[0] < other[0]):
            assert one
            yield one[0], one[1], ()
            one = next(left, None)
        elif one is None or other[0] < one[0]:
            yield other[0], (), other[1]
            other = next(right, None)
        else:
            yield one[0], one[1], other[1]
            one, other = next(left, None), next(right, None)


def _records(shard: Opened, known: Iterable[Affected]) -> dict[str, _Record]:
    found: dict[str, _Record] = {}
    for affected in known:
        advisory = replace(shard.advisory(affected.number), modified="")
        here = replace(affected, number=0)
        before = found.get(advisory.id)
        found[advisory.id] = _Record(advisory, (*(before.affected if before else ()), here))
    return found


def _change(name: str, was: _Record | None, now: _Record | None) -> Change:
    record = now or was
    assert record
    advisory = record.advisory
    written, before = _written(record), _written(was) if was else ()
    fixed = dict.fromkeys(r.fixed for a in record.affected for r in a.ranges if r.fixed)
    return Change(
        "changed" if was and now else "added" if now else "withdrawn",
        advisory.id, name, (*advisory.aliases, *advisory.covers),
        max((r.severity for r in advisory.ratings), key=SEVERITIES.index, default="UNKNOWN"),
        written, tuple(fixed),
        before if was and now and before != written else (),
    )  # fmt: skip


def _written(record: _Record) -> tuple[str, ...]:
    stretches = (r.written() for a in record.affected for r in a.ranges)
    versions = (f"={version}" for a in record.affected for version in a.versions)
    return tuple(dict.fromkeys([*stretches, *versions]))


def _flaws(old: Opened, new: Opened) -> Iterator[Change]:
    """Yield what is known anew of CVEs; how likely their use is changes daily, and is left out."""
    before, after = dict(old.flaws()), dict(new.flaws())
    for id in sorted(before.keys() | after.keys()):
        was, now = _lasting(before.get(id)), _lasting(after.get(id))
        if was != now:
            known = now or was
            assert known
            yield Change(
                "changed" if was and now else "added" if now else "withdrawn", id,
                severity=max((r.severity for r in known.ratings), key=SEVERITIES.index,
                             default="UNKNOWN"),
                exploited=known.exploited is not None,
            )  # fmt: skip


def _lasting(flaw: Flaw | None) -> Flaw | None:
    return replace(flaw, epss=None) if flaw and replace(flaw, epss=None) != Flaw() else None
