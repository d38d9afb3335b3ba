"""Python packages that Poetry locked: poetry.lock."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pratique.codecs import tomltext
from pratique.codecs.beside import beside
from pratique.codecs.digests import digests
from pratique.codecs.lock_graph import by_name, merged, named, reachable, relation
from pratique.codecs.python_project import Asked, read_project
from pratique.codecs.requirement import normalized
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


class _Archive(Struct, gc=False):
    hash: str = ""


class _Package(Struct):
    name: str
    version: str
    category: str = ""
    """`main`, or `dev` for development; written until Poetry 1.4."""
    groups: list[str] = []
    """Which groups of pyproject.toml need it; written since Poetry 2.0."""
    dependencies: dict[str, object] = {}
    files: list[_Archive] = []


class _Metadata(Struct, frozen=True):
    files: dict[str, list[_Archive]] = {}
    """The packages' files, in version 1 of the format."""


class _Lock(Struct):
    package: list[_Package] = []
    metadata: _Metadata = _Metadata()


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of Poetry, version 1 to 2.1; what is asked for stands in pyproject.toml.

    From Poetry 1.5 until 2.0 a lock file does not tell what is for development: there it is what
    nothing that is asked for to run leads to.
    """
    text = file.read().decode("utf-8-sig", "replace")
    lock = tomltext.decode(text, _Lock, file.path)
    lines = tomltext.table_lines(text, "package", len(lock.package))
    known = by_name((normalized(one.name), one.version) for one in lock.package)
    asked = read_project(beside(file, "pyproject.toml"))
    run = _run(lock, asked)
    yield from merged(
        Package(
            file.path, "poetry", "pypi", one.name, one.version, line=line,
            dev=_is_dev(one, run), relation=relation(normalized(one.name), asked.all),
            depends=named(map(normalized, one.dependencies), known),
            hashes=digests(f.hash for f in one.files or lock.metadata.files.get(one.name, [])),
        )
        for one, line in zip(lock.package, lines, strict=True)
    )  # fmt: skip


def _run(lock: _Lock, asked: Asked) -> set[str] | None:
    """Return what the project needs to run; None where the lock file or nothing tells it."""
    if not asked.run or any(one.groups or one.category for one in lock.package):
        return None
    edges: dict[str, set[str]] = {}
    for one in lock.package:
        edges.setdefault(normalized(one.name), set()).update(map(normalized, one.dependencies))
    return reachable(asked.run, edges)


def _is_dev(one: _Package, run: set[str] | None) -> bool:
    if run is not None:
        return normalized(one.name) not in run
    return one.category == "dev" or (bool(one.groups) and "main" not in one.groups)


poetry = Analyzer("poetry", 1, ("poetry.lock",), _analyze, reads="locked")
