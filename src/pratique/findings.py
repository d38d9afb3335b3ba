"""Make one finding of all records that describe the same flaw of a package: rated, dated, fixed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from pratique import evidence
from pratique.model.advisory import (
    SEVERITIES,
    Advisories,
    Advisory,
    Affected,
    Flaw,
    Range,
    Rating,
)
from pratique.model.ecosystem import Ecosystem
from pratique.model.finding import Finding
from pratique.model.inventory import SYSTEM_TYPES, Package

Key = Callable[[str], Any]


class Hit(Struct):
    """A record that affects a package, and by which of its stretches."""

    advisory: Advisory
    affected: Affected
    stretches: list[Range]
    ids: tuple[str, ...]
    version: str
    """Of the source package where the record names that, otherwise of the package."""
    paid: bool = False
    """Whether its fix needs a subscription that the image shows no sign of."""


def findings_of(
    package: Package, shard: str, hits: Sequence[Hit], ecosystem: Ecosystem, advisories: Advisories
) -> Iterator[Finding]:
    for group in _joined(hits):
        yield _finding(package, shard, group, ecosystem, advisories)


def _joined(hits: Iterable[Hit]) -> list[list[Hit]]:
    """Put hits together that share an id: CVE, GHSA and PYSEC records of one flaw."""
    groups: dict[str, list[Hit]] = {}  # by each id
    for hit in hits:
        members: list[Hit] = []
        for known in (groups[id] for id in hit.ids if id in groups):
            if not members:
                members = known
            elif known is not members:
                members += known
                groups.update((id, members) for other in known for id in other.ids)
        members.append(hit)
        groups.update((id, members) for id in hit.ids)
    return list({id(members): members for members in groups.values()}.values())


def _finding(
    package: Package, shard: str, group: list[Hit], ecosystem: Ecosystem, advisories: Advisories
) -> Finding:
    ids = {id for hit in group for id in hit.ids}
    records = tuple(sorted({hit.advisory.id for hit in group}))
    numbers = tuple(sorted({hit.affected.number for hit in group}))
    main = min(ids, key=_preference)
    flaws = [advisories.flaw(id) for id in sorted(ids) if id.startswith("CVE-")]
    ratings = _ratings(group, flaws)
    chosen = chosen_rating(ratings, system=package.type in SYSTEM_TYPES)
    fixed = _fixed(group, ecosystem)
    found = Finding(
        package, main, tuple(sorted((ids | set(records)) - {main})), records, numbers, shard,
        tuple(dict.fromkeys(r.written() for hit in group for r in hit.stretches)), fixed,
        chosen.severity, chosen.source, ratings, _status(group, fixed),
        next((flaw.exploited for flaw in flaws if flaw.exploited), None),
        max((flaw.epss for flaw in flaws if flaw.epss), key=lambda e: e.score, default=None),
        tuple(dict.fromkeys(c for h in group for c in h.advisory.cwes))
        or tuple(dict.fromkeys(c for flaw in flaws for c in flaw.cwes)),
        min((h.advisory.published for h in group if h.advisory.published), default=""),
        max((h.advisory.modified for h in group), default=""),
        remarks=tuple(_remarks(group, fixed, ecosystem)),
    )  # fmt: skip
    return evidence.judged(found)


def _status(group: Sequence[Hit], fixed: tuple[str, ...]) -> Any:
    if fixed:
        return "fixed"
    return next((h.affected.status for h in group if h.affected.status != "affected"), "affected")


def _remarks(group: Sequence[Hit], fixed: tuple[str, ...], ecosystem: Ecosystem) -> Iterator[str]:
    yield from dict.fromkeys(hit.affected.remark for hit in group if hit.affected.remark)
    if not fixed:
        for version in _fixed(group, ecosystem, paid=True):
            yield f"fixed in {version} with {ecosystem.name} Pro only"


_RANKS = {"CVE": 0, "GHSA": 1, "GO": 2, "RUSTSEC": 3, "PYSEC": 4}


def _preference(id: str) -> tuple[int, str]:
    return _RANKS.get(id.partition("-")[0], 9), id


def _ratings(group: Iterable[Hit], flaws: Iterable[Flaw]) -> tuple[Rating, ...]:
    every = [r for hit in group for r in hit.advisory.ratings]
    return tuple(dict.fromkeys([*every, *(r for flaw in flaws for r in flaw.ratings)]))


_LANGUAGE_ORDER = ("openssf", "ghsa")


def chosen_rating(ratings: Sequence[Rating], *, system: bool) -> Rating:
    """Return the rating that counts: the distribution's own, GitHub's for languages, then NVD's.

    Within one source the newest version of CVSS comes first, as the records give it.
    """
    rated = [r for r in ratings if r.severity != "UNKNOWN"]
    if not rated:
        return Rating("")
    if system:
        return min(rated, key=lambda r: r.source == "nvd")
    return min(rated, key=lambda r: (
        _LANGUAGE_ORDER.index(r.source) if r.source in _LANGUAGE_ORDER else 2, r.source == "nvd"
    ))  # fmt: skip


def _fixed(group: Iterable[Hit], ecosystem: Ecosystem, *, paid: bool = False) -> tuple[str, ...]:
    """Return the versions to go to, the nearest first; or those that need a subscription.

    A distribution has one line of versions a release, so only the last of several bulletins' is
    enough. Elsewhere each line has its own, and those below the installed version are no help.
    """
    key = ecosystem.version_key
    versions: dict[str, Any] = {}
    for hit in (hit for hit in group if hit.paid == paid):
        at = key(hit.version)
        own = hit.stretches if ecosystem.distros else hit.affected.ranges
        for stretch in own:
            try:
                if stretch.fixed and (reached := key(stretch.fixed)) > at:
                    versions[stretch.fixed] = reached
            except ValueError:
                continue
    ordered = sorted(versions, key=versions.__getitem__)
    return tuple(ordered[-1:] if ecosystem.distros else ordered)


def urgency(finding: Finding) -> tuple[Any, ...]:
    """Sort by urgency: known to be exploited, then severity, then what can be fixed.

    Packages of which nothing runs come after all others.
    """
    return (
        evidence.is_inert(finding.package),
        finding.exploited is None,
        -SEVERITIES.index(finding.severity),
        not finding.fixed,
        finding.package.name,
        finding.id,
        finding.package.path,
        finding.package.inner,
    )
