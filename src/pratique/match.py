"""Decide which advisories affect which packages.

A package that the distribution's package manager owns is matched against the distribution's
advisories alone: its version says nothing to upstream's ranges, since fixes are backported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any

from msgspec import Struct

from pratique.findings import Hit, findings_of, urgency
from pratique.model.advisory import (
    Advisories,
    Advisory,
    Affected,
    Range,
)
from pratique.model.ecosystem import Ecosystem
from pratique.model.finding import Finding
from pratique.model.inventory import PROGRAM, SYSTEM_TYPES, Distro, Inventory, Package, Problem
from pratique.plugins import load

Key = Callable[[str], Any]
_MODULAR = ".module"
"""In the release of what was built for a stream of rpm's modularity: `3.module+el8.9.0+1+abc`."""

EPOCHLESS = "*:"
"""Before a version of RPM's whose epoch nobody knows."""
_VARIANT = re.compile(r"\.ksplice\d*|_fips")


class Matched(Struct, frozen=True):
    """The findings, and what could not be judged."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    missing: tuple[str, ...]
    """Shards that packages needed and the database lacks."""


def shard_of(package: Package, distro: Distro | None) -> str:
    """Name the shard that knows a package; empty where no publisher is known for it."""
    ecosystem = ecosystem_of(package, distro)
    if ecosystem is None:
        return ""
    return _shard(ecosystem, distro)


def ecosystem_of(package: Package, distro: Distro | None) -> Ecosystem | None:
    """Return the ecosystem of a package: by the distribution for a system's, else by purl type."""
    if package.type == PROGRAM:
        return _by_program().get(package.name, (None, ""))[0]
    if package.type not in SYSTEM_TYPES:
        return _by_type().get(package.type)
    return _by_distro(distro, package.type) if distro else None


@lru_cache(maxsize=64)
def _shard(ecosystem: Ecosystem, distro: Distro | None) -> str:
    release = ecosystem.release(distro) if ecosystem.release and distro else ""
    return f"{ecosystem.name}:{release}" if release else ecosystem.name


def needed(inventory: Inventory) -> set[str]:
    """Return the shards that an inventory's packages ask for."""
    return {shard_of(package, inventory.distro) for package in inventory.packages} - {""}


def match(inventory: Inventory, advisories: Advisories) -> Matched:
    """Return every flaw of every package, one finding for all records of the same flaw.

    A package that nobody publishes advisories for, a shard that is missing and a version that
    is none are problems: what was not checked is never shown as clean.
    """
    findings: list[Finding] = []
    unjudged = _Unjudged(inventory.distro)
    subscribed = any(_is_of_subscription(package) for package in inventory.packages)
    for package in inventory.packages:
        ecosystem = ecosystem_of(package, inventory.distro)
        if ecosystem is None:
            unjudged.add_unknown(package)
            continue
        shard = _shard(ecosystem, inventory.distro)
        if package.type == "maven" and ":" not in package.name:
            unjudged.groupless += 1
            continue
        if not advisories.has(shard):
            unjudged.missing[shard] += 1
        try:
            hits = [
                hit
                for name, version in as_named(package, ecosystem)
                for hit in _hits(package, shard, name, version, ecosystem, advisories)
            ]
        except ValueError:
            unjudged.versions.append(package)
        else:
            for hit in hits:
                hit.paid = bool(hit.affected.channel) and not subscribed
            findings += findings_of(package, shard, hits, ecosystem, advisories)
    missing = tuple(sorted(unjudged.missing))
    return Matched(tuple(sorted(findings, key=urgency)), tuple(unjudged.problems()), missing)


class _Unjudged:
    """The packages that could not be checked, and why."""

    def __init__(self, distro: Distro | None) -> None:
        self._distro = distro
        self.unknown: Counter[str] = Counter()
        """Packages of each type that nobody publishes advisories for."""
        self.programs: set[str] = set()
        """Programs that nobody does."""
        self.missing: Counter[str] = Counter()
        """Packages of each shard that the database lacks."""
        self.versions: list[Package] = []
        """Packages with advisories, and a version that is none."""
        self.groupless = 0
        """Java archives that do not say which group they are of."""

    def add_unknown(self, package: Package) -> None:
        if package.type == PROGRAM:
            self.programs.add(package.name)
        else:
            self.unknown[package.type] += 1

    def problems(self) -> Iterator[Problem]:
        if self.programs:
            yield Problem("no advisories are read for programs that no package manager installed: "
                          f"{', '.join(sorted(self.programs))} not checked")  # fmt: skip
        for kind, count in sorted(self.unknown.items()):
            yield Problem(f"no advisories are published for {self._of(kind)}: {count} {kind} "
                          "packages were not checked")  # fmt: skip
        for shard, count in sorted(self.missing.items()):
            yield Problem(f"the database has no {shard}: {count} packages were not checked")
        if self.groupless:
            yield Problem(f"Java archives that do not say which group they are of: "
                          f"{self.groupless} not checked")  # fmt: skip
        for package in self.versions:
            is_said = f"version {package.version!r} is none" if package.version else "no version"
            yield Problem(f"{package.name}: {is_said}, not checked", package.path, package.changed)

    def _of(self, kind: str) -> str:
        if kind not in SYSTEM_TYPES:
            return f"{kind} packages"
        if self._distro is None:
            return "an unknown distribution"
        return self._distro.name or self._distro.id


def as_named(package: Package, ecosystem: Ecosystem) -> list[tuple[str, str]]:
    """Return the names under which advisories may know a package, each with its version."""
    if package.type == PROGRAM:
        return [(_by_program()[package.name][1], package.version)]
    own = (ecosystem.canonical(package.name), package.version)
    if ecosystem.named_by == "binary" or not package.source:
        return [own]
    version = package.source_version or package.version
    if package.type == "rpm" and package.source != package.name:
        # no package tells its source's epoch: perl-Errno 1.30 is built from perl 4:5.32
        version = EPOCHLESS + version.rpartition(":")[2]
    source = (package.source, version)
    if ecosystem.named_by == "source" or package.source == package.name:
        return [source]
    return [source, own]


def _hits(
    package: Package, shard: str, name: str, version: str, ecosystem: Ecosystem,
    advisories: Advisories,
) -> Iterator[Hit]:  # fmt: skip
    """Yield the records that affect a package; raise ValueError where its version is none."""
    known = advisories.about(shard, name)
    if not known:
        return
    key = ecosystem.version_key
    at = key(version)
    plain = version.removeprefix(EPOCHLESS)
    for affected in known:
        stretches = [r for r in affected.ranges if holds(r, key, at)]
        if (stretches or plain in affected.versions) and is_about(affected, package):
            advisory = advisories.advisory(shard, affected.number)
            for ids in _flaws(advisory):
                yield Hit(advisory, affected, stretches, ids, version)


def is_about(affected: Affected, package: Package) -> bool:
    """Tell whether a record is about a package's architecture, and its stream and variant."""
    if affected.arches and package.arch not in affected.arches:
        return False
    if affected.channel.startswith("Pro:FIPS"):
        return "fips" in package.version.lower()
    if package.type != "rpm":
        return True
    return is_of_stream(affected, package) and _is_of_variant(affected, package)


def is_of_stream(affected: Affected, package: Package) -> bool:
    """Tell whether both are of one stream of rpm's modularity, or of none.

    A record that names no stream still tells by its fixed version that it is about some, and so
    does the version of a package that lost its label: these are of any stream.
    """
    own = ":".join(package.module.split(":")[:2])
    if affected.module and own:
        return affected.module == own
    of_some = bool(affected.module) or any(_MODULAR in r.fixed for r in affected.ranges)
    return of_some == (bool(own) or _MODULAR in package.version)


def _is_of_variant(affected: Affected, package: Package) -> bool:
    """Tell whether both are of one of Oracle's variants: `2:2.34-83.ksplice1.el9`, `…el8_fips`.

    They have versions, and epochs, of their own.
    """
    own = _VARIANT.findall(package.version)
    fixes = [r.fixed for r in affected.ranges if r.fixed]
    return not fixes or any(_VARIANT.findall(fix) == own for fix in fixes)


def holds(stretch: Range, key: Key, at: Any) -> bool:
    """Tell whether a stretch holds the version; one with bounds that are no versions does not."""
    try:
        if stretch.introduced != "0" and at < key(stretch.introduced):
            return False
        if stretch.fixed:
            return bool(at < key(stretch.fixed))
        return not stretch.last or bool(at <= key(stretch.last))
    except ValueError:
        return False


def _flaws(advisory: Advisory) -> list[tuple[str, ...]]:
    """Return the ids of each flaw that a record is about: a bulletin is about several."""
    if advisory.covers:
        return [(flaw,) for flaw in advisory.covers]
    return [(advisory.id, *advisory.aliases)]


def _is_of_subscription(package: Package) -> bool:
    """Tell whether a package is one that only machines attached to Ubuntu Pro can get."""
    version = package.version.lower()
    return package.type == "deb" and any(m in version for m in ("+esm", "~esm", "+fips", "~fips"))


@cache
def _by_type() -> dict[str, Ecosystem]:
    return {
        e.purl_type: e for e in load("pratique.ecosystems", Ecosystem) if not e.distros
    }  # fmt: skip


@cache
def _by_program() -> dict[str, tuple[Ecosystem, str]]:
    """Map the programs that somebody publishes advisories for to that ecosystem and its name."""
    every = load("pratique.ecosystems", Ecosystem)
    return {name: (e, known) for e in every for name, known in e.programs}


@cache
def _by_distro(distro: Distro, kind: str) -> Ecosystem | None:
    ecosystems: tuple[Ecosystem, ...] = load("pratique.ecosystems", Ecosystem)
    return next((e for e in ecosystems if e.purl_type == kind and distro.id in e.distros), None)
