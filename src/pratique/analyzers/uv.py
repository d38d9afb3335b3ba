"""Python packages that uv locked: uv.lock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from pratique.codecs import tomltext
from pratique.codecs.digests import digests
from pratique.codecs.lock_graph import by_name, reachable, relation
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


class _Archive(Struct, frozen=True, gc=False):
    hash: str = ""


class _Need(Struct, gc=False):
    name: str
    version: str = ""
    """Only where the file holds several of the name."""


class _Source(Struct, frozen=True, gc=False):
    editable: str | None = None
    virtual: str | None = None
    directory: str | None = None


class _Package(Struct, rename="kebab"):
    name: str
    version: str = ""
    """Absent where it is computed when the project is built."""
    source: _Source = _Source()
    dependencies: list[_Need] = []
    optional_dependencies: dict[str, list[_Need]] = {}
    dev_dependencies: dict[str, list[_Need]] = {}
    sdist: _Archive = _Archive()
    wheels: list[_Archive] = []


class _Manifest(Struct, frozen=True):
    members: list[str] = []


class _Lock(Struct):
    package: list[_Package] = []
    manifest: _Manifest = _Manifest()


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of uv (docs.astral.sh/uv, version 1).

    What only groups of dependencies lead to is for development; extras are not.
    """
    text = file.read().decode("utf-8-sig", "replace")
    lock = tomltext.decode(text, _Lock, file.path)
    lines = tomltext.table_lines(text, "package", len(lock.package))
    known = by_name((one.name, one.version) for one in lock.package)
    edges = {_id(one): _ids(_run_time(one), known) for one in lock.package}
    own = {_id(one): one for one in lock.package if _is_own(one, lock)}
    asked = {id for one in own.values() for id in _ids(_all(one), known)}
    run = reachable(own, edges)
    for one, line in zip(lock.package, lines, strict=True):
        id = _id(one)
        if id in own:
            role = "root" if (one.source.editable or one.source.virtual) == "." else "workspace"
        else:
            role = relation(id, asked)
        yield Package(
            file.path, "uv", "pypi", one.name, one.version, line=line, relation=role,
            dev=bool(own) and id not in run, depends=tuple(sorted(_ids(_all(one), known))),
            hashes=digests([one.sdist.hash, *(wheel.hash for wheel in one.wheels)]),
        )  # fmt: skip


def _id(one: _Package) -> str:
    return f"{one.name}@{one.version}"


def _is_own(one: _Package, lock: _Lock) -> bool:
    is_local = one.source.editable is not None or one.source.virtual is not None
    return one.name in lock.manifest.members or (is_local and not lock.manifest.members)


def _run_time(one: _Package) -> Iterator[_Need]:
    yield from one.dependencies
    for needs in one.optional_dependencies.values():
        yield from needs


def _all(one: _Package) -> Iterator[_Need]:
    yield from _run_time(one)
    for needs in one.dev_dependencies.values():
        yield from needs


def _ids(needs: Iterable[_Need], known: dict[str, tuple[str, ...]]) -> set[str]:
    ids: set[str] = set()
    for need in needs:
        held = known.get(need.name, ())
        exact = f"{need.name}@{need.version}"
        ids.update((exact,) if exact in held else held)
    return ids


uv = Analyzer("uv", 1, ("uv.lock", "*.py.lock"), _analyze, reads="locked")
