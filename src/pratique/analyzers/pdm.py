"""Python packages that PDM locked: pdm.lock."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pratique.codecs import tomltext
from pratique.codecs.beside import beside
from pratique.codecs.digests import digests
from pratique.codecs.lock_graph import by_name, merged, named, relation
from pratique.codecs.python_project import read_project
from pratique.codecs.requirement import normalized, required_name
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

# groups of pyproject.toml are for development or extras, which the lock file does not tell apart:
# without the former, what is in these alone is for development for certain
_DEVELOPMENT = frozenset(
    ("dev", "develop", "development", "doc", "docs", "lint", "test", "testing", "tests", "typing")
)


class _Archive(Struct, gc=False):
    hash: str = ""


class _Package(Struct):
    name: str
    version: str = ""
    groups: list[str] = []
    dependencies: list[str] = []
    files: list[_Archive] = []


class _Lock(Struct):
    package: list[_Package] = []
    metadata: dict[str, object] = {}


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of PDM, version 3 to 4.5; one entry a package and set of its extras."""
    text = file.read().decode("utf-8-sig", "replace")
    lock = tomltext.decode(text, _Lock, file.path)
    lines = tomltext.table_lines(text, "package", len(lock.package))
    known = by_name((normalized(one.name), one.version) for one in lock.package)
    asked = read_project(beside(file, "pyproject.toml"))
    development = asked.groups if asked.all else _DEVELOPMENT
    yield from merged(
        Package(
            file.path, "pdm", "pypi", one.name, one.version, line=line,
            dev=bool(one.groups) and development.issuperset(one.groups),
            relation=relation(normalized(one.name), asked.all),
            depends=_needs(one, known),
            hashes=digests([*(archive.hash for archive in one.files), *_old(lock, one)]),
        )
        for one, line in zip(lock.package, lines, strict=True)
        if one.version
    )  # fmt: skip


def _needs(one: _Package, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return what a package needs; one with extras names itself without them."""
    name = normalized(one.name)
    return named((n for n in map(required_name, one.dependencies) if n != name), known)


def _old(lock: _Lock, one: _Package) -> Iterator[str]:
    """Return the digests as version 3 and before keep them, apart from the packages."""
    files = lock.metadata.get("files")
    archives = files.get(f"{one.name} {one.version}") if isinstance(files, dict) else None
    for archive in archives if isinstance(archives, list) else ():
        if isinstance(archive, dict) and isinstance(archive.get("hash"), str):
            yield archive["hash"]


pdm = Analyzer("pdm", 1, ("pdm.lock",), _analyze, reads="locked")
