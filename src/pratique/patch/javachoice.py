"""Which version of a Java archive can take the place of another, with all that moves along.

A version is taken if the present archive is the one that was released, what the new one needs is
there or can be put there, the image's Java reads its classes, and every class of the class path
still finds what it uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from msgspec import Struct

from pratique.codecs.maven_version import version_key
from pratique.errors import DigestMismatch, MalformedError, PratiqueError, SourceError
from pratique.model.inventory import Package
from pratique.model.remedy import Bump
from pratique.model.upgrade import Level
from pratique.patch.javajars import FOLDERS, Jars, Place
from pratique.patch.javalinks import missing
from pratique.patch.mavenreleases import Fetched, Releases
from pratique.suitable import suitable
from pratique.upgrades import level

_DEEPEST, _MOST_TRIES = 6, 3
_MOST_NAMED = 1


class _Stuck(Exception):  # noqa: N818 - never leaves this module
    pass


class Chosen(Struct, frozen=True):
    """A version that is to be put somewhere."""

    name: str
    before: str
    """Empty for one that is to be added."""
    version: str
    fetched: Fetched
    beside: Place | None = None
    """The archive that an added one is put beside."""


class Choice:
    """What is to go where, as far as it is settled."""

    def __init__(
        self, jars: Jars, releases: Releases, levels: Sequence[Level], refused: Iterable[str],
        java: int,
    ) -> None:  # fmt: skip
        """`java` is the newest class file version that the image's Java reads; 0: unknown."""
        self._jars, self.releases, self._levels = jars, releases, levels
        self._refused, self._java = frozenset(refused), java
        self.chosen: dict[Place, Chosen] = {}

    def prefetch(self, wanted: Iterable[tuple[Package, str]]) -> None:
        """Ask for several side by side; what fails is asked again when it is needed."""

        def ask(one: tuple[Package, str]) -> None:
            package, to = one
            with suppress(PratiqueError):
                version = next(self._from(package, to), "")
                self.releases.prefetch(package.name, package.version, *filter(None, [version]))
                if version:
                    self.releases.fetch(package.name, version)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(ask, wanted))

    def tried(self, place: Place, package: Package, to: str) -> str:
        """Choose a version for a place, `to` or a later one; return why that cannot be."""
        before = self.chosen.get(place)
        if before and not version_key(before.version) < version_key(to):
            return ""
        if why := self._why_not_here(place, package):
            return why
        reasons = []
        for version in self._from(package, to):
            try:
                self.chosen = self._settled(place, package.name, version)
            except (_Stuck, MalformedError, SourceError) as stuck:
                if isinstance(stuck, DigestMismatch):
                    raise
                reasons.append(str(stuck))
                continue
            return ""
        return reasons[0] if reasons else f"no version from {to} on can be had"

    def _why_not_here(self, place: Place, package: Package) -> str:
        if why := _why_not_in(self._jars, place):
            return why
        wanted = self.releases.checksum(package.name, package.version)
        found = self._jars[place].sha1()
        if not wanted:
            return "the repository does not have it"
        if found != wanted:
            return "it is not the archive that was released, but was built or changed by others"
        return ""

    def _from(self, package: Package, to: str) -> Iterator[str]:
        """Yield the lowest finished versions from one on, of the same flavour."""
        there = list(self.releases.versions(package.name))
        for _ in range(_MOST_TRIES):
            bump = Bump(package.name, "maven", package.path, "jar", (package.version,), to,
                        level(package.version, to), 0, direct=True)  # fmt: skip
            version = suitable(bump, there)
            if not version or level(package.version, version) not in self._levels:
                return
            yield version
            there = [one for one in there if version_key(version) < version_key(one)]

    def _settled(self, place: Place, name: str, version: str) -> dict[Place, Chosen]:
        """Return everything that is chosen then; raises _Stuck."""
        attempt = dict(self.chosen)
        self._choose(attempt, place, name, version, 0)
        problems = self._broken(attempt)
        if problems:  # releases of one family are made for each other
            again = dict(attempt)
            for sibling in self._siblings(place, name):
                if version in self.releases.versions(self._named(sibling)):
                    self._choose(again, sibling, self._named(sibling), version, 0)
            if again.keys() == attempt.keys() or self._broken(again):
                raise _Stuck(
                    f"{name} {version}: {'; '.join(problems[:_MOST_NAMED])}, which is not there"
                )
            attempt = again
        return attempt

    def _choose(
        self, attempt: dict[Place, Chosen], place: Place, name: str, version: str, depth: int
    ) -> None:
        """Put a version somewhere, and what it needs."""
        there = attempt.get(place)
        if there and not version_key(there.version) < version_key(version):
            return
        before = self._jars.version(place, name)
        if level(before, version) not in self._levels:
            raise _Stuck(f"needs {name} {version}, which is further away than is allowed")
        if depth and (why := self._why_not_here(place, self._package(place, name))):
            raise _Stuck(f"needs {name} {version}; of the one that is there: {why}")
        fetched = self._fetched(name, version, place)
        attempt[place] = Chosen(name, before, version, fetched)
        known = self.releases.needs(name, before) or {}
        self._settle(attempt, place, attempt[place], known.keys(), depth)

    def _fetched(self, name: str, version: str, place: Place) -> Fetched:
        if f"maven:{name}@{version}" in self._refused:
            raise _Stuck(f"{name} {version} has flaws of its own")
        fetched = self.releases.fetch(name, version)
        java = self._java or self._jars.newest_class(place.home)
        if (major := fetched.jar.major) > max(java, self._jars[place].major):
            raise _Stuck(f"{name} {version} needs Java {major - 44}")
        return fetched

    def _settle(
        self, attempt: dict[Place, Chosen], place: Place, one: Chosen, known: Iterable[str],
        depth: int,
    ) -> None:  # fmt: skip
        """See that what an archive needs is on the class path, in that version or a later one."""
        needs = self.releases.needs(one.name, one.version)
        if needs is None or depth > _DEEPEST:
            raise _Stuck(f"what {one.name} {one.version} needs is not known")
        self._prefetch_needs(place, needs, known)
        for name, version in needs.items():
            found = self._jars.having(name, place)
            is_added = any(o.name == name and p.home == place.home for p, o in attempt.items())
            if not found and not is_added and name not in known:
                self._add(attempt, place, name, version, depth)
            for where in found:
                present = attempt[where].version if where in attempt else ""
                present = present or self._jars.version(where, name)
                if version and version_key(present) < version_key(version):
                    self._choose(attempt, where, name, version, depth + 1)

    def _prefetch_needs(self, place: Place, needs: Mapping[str, str], known: Iterable[str]) -> None:
        """Fetch what has to move or to come in, side by side; what fails is asked again."""

        def fetch(one: tuple[str, str]) -> None:
            with suppress(PratiqueError):
                self.releases.prefetch(*one)
                self.releases.fetch(*one)

        due = []
        for name, version in needs.items():
            found = self._jars.having(name, place)
            is_old = any(version_key(self._jars.version(one, name)) < version_key(version)
                         for one in found if version)  # fmt: skip
            if version and (is_old or (not found and name not in known)):
                due.append((name, version))
        if len(due) > 1:
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(fetch, due))

    def _add(
        self, attempt: dict[Place, Chosen], place: Place, name: str, version: str, depth: int
    ) -> None:
        """Put an archive beside another one, where everything in the folder is loaded."""
        folder = (place.inner or place.path).rpartition("/")[0] + "/"
        loads_all = place.inner or folder.endswith("WEB-INF/lib/")
        if not version or not loads_all:
            raise _Stuck(f"needs {name} {version} beside it, which is not there")
        file = f"{folder}{name.partition(':')[2]}-{version}.jar"
        where = Place(place.path, file) if place.inner else Place(file)
        fetched = self._fetched(name, version, place)
        attempt[where] = Chosen(name, "", version, fetched, place)
        self._settle(attempt, place, attempt[where], (), depth + 1)

    def _siblings(self, place: Place, name: str) -> list[Place]:
        """Return what is of the same group and version on the class path."""
        group, version = name.partition(":")[0], self._jars.version(place, name)
        return [
            other for other, _ in self._jars.on(place.home)
            if other != place and (one := self._jars.artifact(other)) and one.version == version
            and one.name.partition(":")[0] == group and not self._why_not_here(other, one)
        ]  # fmt: skip

    def _broken(self, attempt: Mapping[Place, Chosen]) -> list[str]:
        """Return what would not be found any more, in the class paths that change."""
        changed = {p for p, one in attempt.items() if self.chosen.get(p) is not one}
        return missing(self._jars, {p: one.fetched.jar for p, one in attempt.items()}, changed)

    def _named(self, place: Place) -> str:
        one = self._jars.artifact(place)
        return one.name if one else ""

    def _package(self, place: Place, name: str) -> Package:
        return self._jars.artifact(place) or Package(
            place.path, "jar", "maven", name, "", inner=place.inner
        )


def _why_not_in(jars: Jars, place: Place) -> str:
    """Return why nothing can be put in a place, whatever it is."""
    if place not in jars:
        if place.inner and not place.inner.startswith(FOLDERS):
            return "it is in an archive in an archive, which a build has to make"
        return jars.broken.get(place.shown[1:], "its archive could not be read")
    if jars.artifact(place) is None:
        return f"it is shaded into {place.file}, which a build has to make"
    if place.inner and jars[Place(place.path)].is_signed:
        return f"/{place.path} is signed"
    return ""
