"""Python packages that Pipenv locked: Pipfile.lock."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.beside import beside
from pratique.codecs.digests import digests
from pratique.codecs.jsontext import decode, next_line, object_lines
from pratique.codecs.lock_graph import merged, relation
from pratique.codecs.python_project import read_pipfile
from pratique.codecs.requirement import normalized
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


class _Entry(Struct, gc=False):
    version: str = ""
    """`==1.0`; empty for what comes from a repository or a folder."""
    hashes: list[str] = []


class _Lock(Struct):
    default: dict[str, _Entry] = {}
    develop: dict[str, _Entry] = {}


_LOCK = Decoder(_Lock)


def _analyze(file: File) -> Iterator[Package]:
    """Read a Pipfile.lock (pipenv.pypa.io): what is needed to run, and to develop.

    Packages of other categories (`pipenv install --categories`) are not read.
    """
    data = file.read()
    lock = decode(data, _LOCK, file.path)
    lines = object_lines(data)
    asked = read_pipfile(beside(file, "Pipfile")).all
    yield from merged(
        Package(
            file.path, "pipenv", "pypi", name, entry.version.removeprefix("=="), dev=dev,
            line=next_line(lines, name), relation=relation(normalized(name), asked),
            hashes=digests(entry.hashes),
        )
        for entries, dev in ((lock.default, False), (lock.develop, True))
        for name, entry in entries.items()
        if entry.version.startswith("==")
    )  # fmt: skip


pipenv = Analyzer("pipenv", 1, ("Pipfile.lock",), _analyze, reads="locked")
