"""Python packages that Poetry locked: poetry.lock."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pratique.codecs import tomltext
from pratique.codecs.digests import digests
from pratique.codecs.lock_graph import by_name, merged, named
from pratique.codecs.requirement import normalized
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


class _Archive(Struct, gc=False):
    hash: str = ""


class _Package(Struct):
    name: str
    version: str
    category: str = "main"
    """`dev` for development; written until Poetry 1.4."""
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
    """Read a lock file of Poetry, version 1 to 2.1; what is asked for stands in pyproject.toml."""
    text = file.read().decode("utf-8-sig", "replace")
    lock = tomltext.decode(text, _Lock, file.path)
    lines = tomltext.table_lines(text, "package", len(lock.package))
    known = by_name((normalized(one.name), one.version) for one in lock.package)
    yield from merged(
        Package(
            file.path, "poetry", "pypi", one.name, one.version, line=line,
            dev=one.category == "dev" or (bool(one.groups) and "main" not in one.groups),
            depends=named(map(normalized, one.dependencies), known),
            hashes=digests(f.hash for f in one.files or lock.metadata.files.get(one.name, [])),
        )
        for one, line in zip(lock.package, lines, strict=True)
    )  # fmt: skip


poetry = Analyzer("poetry", 1, ("poetry.lock",), _analyze, reads="locked")
