"""Python packages of a lock file that any installer reads: pylock.toml."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pratique.codecs import tomltext
from pratique.codecs.beside import beside
from pratique.codecs.digests import digests
from pratique.codecs.lock_graph import by_name, merged, named, relation
from pratique.codecs.python_project import read_project
from pratique.codecs.requirement import normalized
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


class _Archive(Struct, frozen=True, gc=False):
    hashes: dict[str, str] = {}


class _Need(Struct, gc=False):
    name: str = ""


class _Package(Struct):
    name: str
    version: str = ""
    """Absent where it is only known once the source is there."""
    dependencies: list[_Need] = []
    sdist: _Archive = _Archive()
    archive: _Archive = _Archive()
    wheels: list[_Archive] = []


class _Lock(Struct):
    packages: list[_Package]


def _analyze(file: File) -> Iterator[Package]:
    """Read a pylock.toml (PEP 751); who needs a package may be left out, and mostly is."""
    text = file.read().decode("utf-8-sig", "replace")
    lock = tomltext.decode(text, _Lock, file.path)
    lines = tomltext.table_lines(text, "packages", len(lock.packages))
    known = by_name((normalized(one.name), one.version) for one in lock.packages)
    asked = read_project(beside(file, "pyproject.toml")).all
    yield from merged(
        Package(
            file.path, "pylock", "pypi", one.name, one.version, line=line,
            relation=relation(normalized(one.name), asked),
            depends=named((normalized(need.name) for need in one.dependencies), known),
            hashes=digests(
                f"{algorithm}:{digest}"
                for archive in (one.sdist, one.archive, *one.wheels)
                for algorithm, digest in archive.hashes.items()
            ),
        )
        for one, line in zip(lock.packages, lines, strict=True)
        if one.version
    )  # fmt: skip


pylock = Analyzer("pylock", 1, ("pylock.toml", "pylock.*.toml"), _analyze, reads="locked")
