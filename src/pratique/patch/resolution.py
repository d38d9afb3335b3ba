"""Which packages have to be upgraded together: never a removal, never a downgrade.

Debian Policy 7 (relations) and https://wiki.ubuntu.com/MultiarchSpec.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from msgspec import Struct

from pratique.codecs.debrelation import Clause, Relation
from pratique.ecosystems import deb as debian

_MOST_STEPS = 400
Key = tuple[str, str]
"""Name and architecture; `all` counts as the native one."""


class Deb(Struct, frozen=True):
    """A package as its archive or dpkg's database describes it."""

    name: str
    version: str
    arch: str
    source_version: str = ""
    needs: tuple[Clause, ...] = ()
    """Depends and Pre-Depends."""
    refuses: tuple[Relation, ...] = ()
    """Breaks and Conflicts."""
    provides: tuple[Relation, ...] = ()
    multi_arch: str = ""
    at: str = ""
    """Where its archive keeps it: a URL."""
    size: int = 0
    digest: str = ""
    """SHA-256 of the package; of Alpine's, the checksum of its control part."""


class Goal(Struct, frozen=True):
    """A package that is to be of a version, or a later one."""

    key: Key
    source_version: str
    """Of the source that it is built from."""


class Resolution(Struct, frozen=True):
    """What to install, and why the goals that are not among it were not reached."""

    plan: dict[Key, Deb]
    failed: dict[Key, str]


class _Stuck(Exception):  # noqa: N818 - never leaves this module
    pass


class _Violation(Struct, frozen=True):
    key: Key
    need: Clause = ()
    """What is not there."""
    refused: Relation | None = None
    other: Key | None = None
    """What is there and must not be, or is of another version."""

    def __str__(self) -> str:
        if self.need:
            return f"{self.key[0]} needs {' | '.join(map(str, self.need))}"
        if self.refused:
            return f"{self.key[0]} does not go with {self.refused}"
        return f"{self.key[0]} differs between architectures"


Offers = Callable[[str], Sequence[Deb]]
Order = Callable[[str], Any]
"""A key that sorts versions; raises ValueError for what is none."""


def resolve(
    installed: Iterable[Deb], offers: Offers, goals: Iterable[Goal], native: str,
    order: Order = debian.version_key,
) -> Resolution:  # fmt: skip
    """Return the upgrades that reach goals, with what these need; each goal for itself.

    Where a package has several goals, the first that can be reached counts; what is said of a
    failure is said of the first.

    What is broken before may stay so; nothing that held before is broken.
    """
    key = sorting(order)
    state = _State(installed, native, key)
    failed: dict[Key, str] = {}
    plan: dict[Key, Deb] = {}
    for goal in goals:
        current = state.debs.get(goal.key)
        if current is None or key(current.source_version) >= key(goal.source_version):
            continue
        try:
            trial = _Trial(state, offers)
            trial.reach(_chosen(goal, current, state, offers))
        except _Stuck as stuck:
            failed.setdefault(goal.key, str(stuck))
            continue
        plan |= trial.changed
        for deb in trial.changed.values():
            state.put(deb)
    return Resolution(plan, failed)


def _chosen(goal: Goal, current: Deb, state: _State, offers: Offers) -> Deb:
    """Return the highest version that there is of a package, if it is high enough."""
    key, native = state.key, state.native
    known = [d for d in offers(goal.key[0]) if _key_of(d, native) == goal.key]
    newer = [d for d in known if key(d.version) > key(current.version)]
    best = max(newer, key=lambda deb: key(deb.version), default=None)
    if best is None or key(best.source_version) < key(goal.source_version):
        there = best.version if best else "nothing newer"
        raise _Stuck(f"the repositories have {there}; {goal.source_version} is needed")
    return best


def sorting(order: Order) -> Order:
    """Return an order that sorts what is no version before all that are."""

    def key(version: str) -> Any:
        try:
            return (1, order(version))
        except ValueError:
            return (0, version)

    return key


def _key_of(deb: Deb, native: str) -> Key:
    return deb.name, native if deb.arch == "all" else deb.arch


class _State:
    """The packages that are there, and who names whom."""

    def __init__(self, debs: Iterable[Deb], native: str, key: Order) -> None:
        self.native = native
        self.key = key
        self.debs: dict[Key, Deb] = {}
        self.named: dict[str, set[Key]] = defaultdict(set)
        """Packages by their names, and by those that they provide."""
        self.naming: dict[str, set[Key]] = defaultdict(set)
        """Packages by the names that they need or refuse."""
        for deb in debs:
            self.put(deb)

    def put(self, deb: Deb) -> Deb | None:
        """Install a package; return the one that was there."""
        key = _key_of(deb, self.native)
        before = self.debs.get(key)
        if before:
            self.take(key)
        self.debs[key] = deb
        for name in _names(deb):
            self.named[name].add(key)
        for name in _named_by(deb):
            self.naming[name].add(key)
        return before

    def take(self, key: Key) -> None:
        deb = self.debs.pop(key)
        for name in _names(deb):
            self.named[name].discard(key)
        for name in _named_by(deb):
            self.naming[name].discard(key)

    def violations(self, key: Key) -> Iterator[_Violation]:
        """Yield what is wrong with one package."""
        deb = self.debs[key]
        for clause in deb.needs:
            if not any(self._there(relation, deb) for relation in clause):
                yield _Violation(key, clause)
        for refused in deb.refuses:
            for other in sorted(self.named.get(refused.name, ())):
                if other[0] != key[0] and matches(
                    self.debs[other], refused, None, self.native, self.key
                ):
                    yield _Violation(key, (), refused, other)
        if deb.multi_arch == "same":
            for other in sorted(self.named.get(deb.name, ())):
                if other[0] == key[0] and self.debs[other].version != deb.version:
                    yield _Violation(key, (), None, other)

    def _there(self, relation: Relation, by: Deb) -> bool:
        return any(
            matches(self.debs[key], relation, by, self.native, self.key)
            for key in self.named.get(relation.name, ())
        )


def _names(deb: Deb) -> set[str]:
    return {deb.name, *(relation.name for relation in deb.provides)}


def _named_by(deb: Deb) -> set[str]:
    needed = {relation.name for clause in deb.needs for relation in clause}
    return needed | {relation.name for relation in deb.refuses}


def matches(deb: Deb, relation: Relation, by: Deb | None, native: str, key: Order) -> bool:
    """Tell whether a package is what a relation names, by its own name or one that it provides.

    `by` is the package that needs it, None for one that refuses it, of whatever architecture.
    """
    if by is not None and not _arch_fits(deb, relation, by, native):
        return False
    if deb.name == relation.name:
        return relation.allows(deb.version, key)
    for given in deb.provides:
        if given.name == relation.name and (
            not relation.sign or (given.version and relation.allows(given.version, key))
        ):
            return True
    return False


def _arch_fits(deb: Deb, relation: Relation, by: Deb, native: str) -> bool:
    own = native if by.arch == "all" else by.arch
    arch = native if deb.arch == "all" else deb.arch
    if relation.arch == "any":
        return deb.multi_arch == "allowed" or arch == own
    if relation.arch not in ("", "native"):
        return arch == relation.arch
    return arch == own or deb.multi_arch == "foreign"


class _Trial:
    """One goal: what is changed for it, undone where it cannot be reached."""

    def __init__(self, state: _State, offers: Offers) -> None:
        self._state = state
        self._offers = offers
        self._native = state.native
        self._key = state.key
        self._before: dict[Key, Deb | None] = {}
        self._known: dict[Key, frozenset[str]] = {}
        """Of packages that were there, what was wrong with them before."""
        self.changed: dict[Key, Deb] = {}

    def reach(self, deb: Deb) -> None:
        """Change the state; raise _Stuck, and leave it as it was, where that is not possible."""
        try:
            self._put(deb)
            for _ in range(_MOST_STEPS):
                violation = next(self._violations(), None)
                if violation is None:
                    return
                self._put(self._remedy(violation))
            self._give_up(deb)
        except _Stuck:
            for key, before in self._before.items():
                self._state.take(key)
                if before:
                    self._state.put(before)
            raise

    def _give_up(self, deb: Deb) -> NoReturn:
        raise _Stuck(f"no end to what {deb.name} {deb.version} needs")

    def _put(self, deb: Deb) -> None:
        key = _key_of(deb, self._native)
        for name in _names(deb) | _names(self._state.debs.get(key, deb)):
            for other in self._state.naming.get(name, ()):
                self._remember(other)
        if key in self._state.debs:
            self._remember(key)
        before = self._state.put(deb)
        self._before.setdefault(key, before)
        self.changed[key] = deb

    def _remember(self, key: Key) -> None:
        if key not in self._known and key not in self.changed:
            found = self._state.violations(key)
            self._known[key] = frozenset(str(one) for one in found)

    def _violations(self) -> Iterator[_Violation]:
        near = {key for key in self._known if key in self._state.debs} | set(self.changed)
        for key in sorted(near):
            for one in self._state.violations(key):
                if str(one) not in self._known.get(key, frozenset()):
                    yield one

    def _remedy(self, violation: _Violation) -> Deb:
        """Return a package that may put right what is wrong."""
        own = self._state.debs[violation.key]
        options: list[Deb] = []
        if violation.key not in self.changed:  # it needs the old version of what is upgraded
            options += self._newer(violation.key)
        if violation.other:
            found = [d for d in self._newer(violation.other)
                     if not (violation.refused and matches(d, violation.refused, None, self._native, self._key))]  # fmt: skip  # noqa: E501
            options += [d for d in found if violation.refused or d.version == own.version]
        options += self._meeting(violation.need, own)
        if not options:
            raise _Stuck(f"{violation}, which the repositories do not have")
        return options[0]

    def _meeting(self, need: Clause, by: Deb) -> Iterator[Deb]:
        """Yield what meets a need: upgrades first, then what is not there yet."""
        found = [
            deb
            for relation in need
            for deb in self._offers(relation.name)
            if matches(deb, relation, by, self._native, self._key) and self._is_allowed(deb)
        ]
        found.sort(key=lambda deb: self._key(deb.version), reverse=True)
        is_new = {id(d): _key_of(d, self._native) not in self._state.debs for d in found}
        yield from sorted(found, key=lambda deb: is_new[id(deb)])

    def _is_allowed(self, deb: Deb) -> bool:
        there = self._state.debs.get(_key_of(deb, self._native))
        return there is None or self._key(there.version) < self._key(deb.version)

    def _newer(self, key: Key) -> list[Deb]:
        found = [d for d in self._offers(key[0]) if _key_of(d, self._native) == key]
        return sorted(
            filter(self._is_allowed, found), key=lambda d: self._key(d.version), reverse=True
        )


def still_broken(
    debs: Mapping[Key, Deb], native: str, order: Order = debian.version_key
) -> set[str]:
    """Return all that is wrong with a set of packages."""
    state = _State(debs.values(), native, sorting(order))
    return {str(one) for key in state.debs for one in state.violations(key)}
