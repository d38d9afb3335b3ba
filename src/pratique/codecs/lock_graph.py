"""Tell from a lock file's graph of dependencies what each package is needed for, and by whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec.structs import replace

from pratique.model.inventory import Package


def reachable(starts: Iterable[str], edges: Mapping[str, Iterable[str]]) -> set[str]:
    """Return the nodes that can be reached, the starts included; cycles do no harm."""
    seen: set[str] = set()
    pending = list(starts)
    while pending:
        node = pending.pop()
        if node not in seen:
            seen.add(node)
            pending += edges.get(node, ())
    return seen


def relation(node: str, direct: Collection[str]) -> str:
    """Return `direct` or `indirect`; empty where the file names nothing that is asked for."""
    if not direct:
        return ""
    return "direct" if node in direct else "indirect"


def by_name(packages: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Map each name to its `name@version`s, for needs that are written without a version."""
    found: dict[str, tuple[str, ...]] = {}
    for name, version in packages:
        found[name] = (*found.get(name, ()), f"{name}@{version}")
    return found


def named(names: Iterable[str], known: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return the `name@version`s of names, sorted; what the file does not hold is left out."""
    return tuple(sorted({id for name in names for id in known.get(name, ())}))


def merged(packages: Iterable[Package]) -> list[Package]:
    """Give each version once: for development where all are, with what any of them needs.

    The first one's line counts; direct comes before indirect.
    """
    found: dict[tuple[str, str, str], Package] = {}
    for package in packages:
        key = package.type, package.name, package.version
        found[key] = _both(found[key], package) if key in found else package
    return list(found.values())


def _both(one: Package, other: Package) -> Package:
    direct = "direct" in (one.relation, other.relation)
    return replace(
        one,
        dev=one.dev and other.dev,
        relation="direct" if direct else one.relation,
        depends=tuple(sorted({*one.depends, *other.depends})),
        hashes=tuple(dict.fromkeys((*one.hashes, *other.hashes))),
    )
