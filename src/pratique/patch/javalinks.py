"""Whether the classes on a class path still find what they use when archives of it change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import chain, islice

from pratique.codecs.classfile import ClassFile
from pratique.codecs.java_linkage import broken
from pratique.patch.javajars import Jar, Jars, Place

_MOST = 20


def missing(jars: Jars, new: Mapping[Place, Jar], changed: AbstractSet[Place]) -> list[str]:
    """Return what would not be found any more, as far as it is in archives at hand.

    `new` are the archives that take the place of others, or are added; `changed` those of them
    that are to be looked at. Raises MalformedError for a class that cannot be read.
    """
    found: list[str] = []
    for home in sorted({place.home for place in changed}):
        before = dict(jars.on(home))
        after = before | {place: jar for place, jar in new.items() if place.home == home}
        here = [place for place in after if place in changed]
        old = [before[place] for place in here if place in before]
        was = _Classes(chain(old, before.values()))
        now = _Classes(chain((after[place] for place in here), after.values()))
        packages = {package for jar in old for package in jar.packages}
        for place, jar in after.items():
            users = (
                map(jar.one, sorted(jar.classes)) if place in changed else jar.touching(packages)
            )
            for user in users:
                found += broken(user, jar.classes, now if place in changed else was, now)
    return list(islice(dict.fromkeys(found), _MOST))


class _Classes(Mapping[str, ClassFile]):
    """The classes of several archives, the first of those that have one."""

    def __init__(self, jars: Iterable[Jar]) -> None:
        self._where: dict[str, Jar] = {}
        for jar in jars:
            for name in jar.classes:
                self._where.setdefault(name, jar)

    def __getitem__(self, name: str) -> ClassFile:
        return self._where[name].one(name)

    def __contains__(self, name: object) -> bool:
        return name in self._where

    def __iter__(self) -> Iterator[str]:
        return iter(self._where)

    def __len__(self) -> int:
        return len(self._where)
