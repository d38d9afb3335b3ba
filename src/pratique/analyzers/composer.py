"""PHP packages that Composer locked: composer.lock."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.beside import beside
from pratique.codecs.digests import digests
from pratique.codecs.jsontext import decode, next_line, value_lines
from pratique.codecs.licensetext import license_names
from pratique.codecs.lock_graph import by_name, named, relation
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


class _Archive(Struct, frozen=True, gc=False):
    shasum: str | None = ""


class _Entry(Struct):
    name: str = ""
    version: str = ""
    license: object = None
    require: dict[str, str] | list[str] = []
    """PHP writes an empty mapping as a list."""
    dist: _Archive | None = None


class _Lock(Struct, rename={"packages_dev": "packages-dev"}):
    packages: list[_Entry] | None = []
    packages_dev: list[_Entry] | None = []


class _Project(Struct, rename={"require_dev": "require-dev"}):
    require: dict[str, object] | list[object] = {}
    require_dev: dict[str, object] | list[object] = {}


_LOCK, _PROJECT = Decoder(_Lock), Decoder(_Project)


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of Composer 1 and 2; what is asked for stands in composer.json."""
    data = file.read()
    lock = decode(data, _LOCK, file.path)
    lines = value_lines(data, "name")
    run, dev = lock.packages or [], lock.packages_dev or []
    asked = _asked(beside(file, f"{file.path.rpartition('/')[2].removesuffix('.lock')}.json"))
    known = by_name((one.name.lower(), one.version) for one in (*run, *dev))
    for entries, is_dev in ((run, False), (dev, True)):
        for one in entries:
            if one.name and one.version:
                yield Package(
                    file.path, "composer", "composer", one.name.lower(), one.version, dev=is_dev,
                    licenses=license_names(one.license), line=next_line(lines, one.name),
                    relation=relation(one.name.lower(), asked),
                    depends=named((name.lower() for name in one.require), known),
                    hashes=digests([(one.dist and one.dist.shasum) or ""]),
                )  # fmt: skip


def _asked(manifest: bytes | None) -> set[str]:
    try:
        project = decode(manifest, _PROJECT, "") if manifest else _Project()
    except MalformedError:
        return set()
    names = (*project.require, *project.require_dev)
    return {name.lower() for name in names if isinstance(name, str)}


composer = Analyzer("composer", 1, ("composer.lock",), _analyze, reads="locked")
