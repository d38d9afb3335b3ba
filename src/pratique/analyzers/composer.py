"""PHP packages that Composer locked: composer.lock."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.digests import digests
from pratique.codecs.jsontext import decode, next_line, value_lines
from pratique.codecs.licensetext import license_names
from pratique.codecs.lock_graph import by_name, named
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


_LOCK = Decoder(_Lock)


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of Composer 1 and 2; what is asked for stands in composer.json."""
    data = file.read()
    lock = decode(data, _LOCK, file.path)
    lines = value_lines(data, "name")
    run, dev = lock.packages or [], lock.packages_dev or []
    known = by_name((one.name.lower(), one.version) for one in (*run, *dev))
    for entries, is_dev in ((run, False), (dev, True)):
        for one in entries:
            if one.name and one.version:
                yield Package(
                    file.path, "composer", "composer", one.name.lower(), one.version, dev=is_dev,
                    licenses=license_names(one.license), line=next_line(lines, one.name),
                    depends=named((name.lower() for name in one.require), known),
                    hashes=digests([(one.dist and one.dist.shasum) or ""]),
                )  # fmt: skip


composer = Analyzer("composer", 1, ("composer.lock",), _analyze, reads="locked")
