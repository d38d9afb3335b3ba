"""Resolve what the packages of one database need into the packages that provide it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pratique.model.inventory import Package


class Declared(Struct, frozen=True):
    """A package with what it says of others."""

    package: Package
    needs: Sequence[str] = ()
    """Names that it requires: of packages, or of what packages provide."""
    provides: Sequence[str] = ()
    """Names beside its own."""


def resolved(declared: Sequence[Declared]) -> Iterator[Package]:
    """Yield the packages with `depends`: every package that provides one of the names they need.

    What none provides is left out: it may be an alternative, or have been left uninstalled.
    """
    providers: dict[str, set[str]] = {}
    for entry in declared:
        own = f"{entry.package.name}@{entry.package.version}"
        for name in (entry.package.name, *entry.provides):
            providers.setdefault(name, set()).add(own)
    for entry in declared:
        found: set[str] = set()
        for name in entry.needs:
            found |= providers.get(name, set())
        found.discard(f"{entry.package.name}@{entry.package.version}")
        yield replace(entry.package, depends=tuple(sorted(found))) if found else entry.package
