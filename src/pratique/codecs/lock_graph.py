"""Tell from a lock file's graph of dependencies what each package is needed for, and by whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec.structs import replace

from pratique.model.inventory import Package

_MOST_VERSIONS = 16  # of one name; a file with more is hostile


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
        known = found.get(name, ())
        if len(known) < _MOST_VERSIONS:
            found[name] = (*known, f"{name}@{version}")
    return found


def named(names: Iterable[str], known: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return the `name@version`s of names, sorted; what the file does not hold is left out."""
    return tuple(sorted({id for name in names for id in known.get(name, ())}))


def merged(packages: Iterable[Package]) -> Iterator[Package]:
    """Give each version once: for development where all are, with what any of them needs.

    The first one's line counts; direct comes before indirect.
    """
    found: dict[tuple[str, str, str], list[Package]] = {}
    for package in packages:
        found.setdefault((package.type, package.name, package.version), []).append(package)
    for same in found.values():
        yield same[0] if len(same) == 1 else _joined(same)


def _joined(same: list[Package]) -> Package:
    direct = any(package.relation == "direct" for package in same)
    return replace(
        same[0],
        dev=all(package.dev for package in same),
        relation="direct" if direct else same[0].relation,
        depends=tuple(sorted({need for package in same for need in package.depends})),
        hashes=tuple(dict.fromkeys(digest for package in same for digest in package.hashes)),
    )
