"""Find the direct dependencies that keep a package where it is, and what they can be raised to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pratique.model.inventory import Package
from pratique.model.remedy import Bump
from pratique.model.upgrade import Level
from pratique.suitable import newest_of
from pratique.upgrades import level

_WORD = re.compile(r"[A-Za-z0-9@][\w.@/:-]*")
_MOST = 3
"""Parents, and versions of them, that are tried where no resolver tells which."""


def direct_of(packages: Iterable[Package], path: str) -> dict[str, Package]:
    """Return the packages that a file's project asks for itself, by their names."""
    return {p.name: p for p in packages if p.path == path and p.relation == "direct"}


def keepers(packages: Iterable[Package], bump: Bump, reason: str) -> list[str]:
    """Return the direct packages that need a package, by whatever way, or that a complaint names.

    Those that a resolver names are the first.
    """
    own = [package for package in packages if package.path == bump.path]
    direct = direct_of(own, bump.path)
    parents: dict[str, set[str]] = defaultdict(set)
    for package in own:
        for needed in package.depends:
            parents[needed.rpartition("@")[0]].add(package.name)
    above, waiting = set[str](), [bump.name]
    while waiting:
        new = parents[waiting.pop()] - above
        above |= new
        waiting += new
    named = {word.rstrip(".,:").lower() for word in _WORD.findall(reason)}
    said = {
        n for n in direct if n.lower() in named or n.lower() in {w.split("==")[0] for w in named}
    }
    found = [name for name in direct if name in said or name in above]
    return sorted((n for n in found if n != bump.name), key=lambda name: name not in said)


def around(
    packages: Iterable[Package], path: str, name: str, versions: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what needs some versions of a package, and which other versions a file locks."""
    own = [package for package in packages if package.path == path]
    ids = {f"{name}@{version}" for version in versions}
    above = {p.name for p in own if not ids.isdisjoint(p.depends)}
    others = {p.version for p in own if p.name == name and p.version not in versions}
    return tuple(sorted(above)), tuple(sorted(others))


def candidates(
    names: Sequence[str], direct: Mapping[str, Package], allowed: Sequence[Level],
    versions: Callable[[str], Sequence[str]],
) -> Iterator[dict[str, str]]:  # fmt: skip
    """Yield versions of one direct package to try: the newest of the series, of the next …

    Few, for each is a run of the resolver.
    """
    tried = 0
    for far in allowed:
        for name in names[:_MOST]:
            installed = direct[name]
            near = [v for v in versions(name) if level(installed.version, v) == far]
            if tried < _MOST and (to := newest_of(installed, near)):
                tried += 1
                yield {name: to}


def raises(bump: Bump, to: Mapping[str, str], direct: Mapping[str, Package]) -> tuple[Bump, ...]:
    """Return the bumps of direct packages that bring another."""
    return tuple(
        Bump(name, bump.type, bump.path, bump.analyzer, (direct[name].version,), version,
             level(direct[name].version, version), bump.risk, direct=True, brings=(bump.name,))
        for name, version in to.items()
    )  # fmt: skip
