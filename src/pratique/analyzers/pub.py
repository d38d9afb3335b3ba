"""Dart packages that pub locked: pubspec.lock."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.digests import digests
from pratique.codecs.yamltext import mapping, maps, read_mapping, text
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of pub (dart.dev, package versioning).

    `direct dev` is for development; of what that needs in turn the file does not tell.
    """
    packages = mapping(read_mapping(file.read(), file.path).get("packages"))
    for name, entry in maps(packages):
        kind, version = text(entry.get("dependency")), text(entry.get("version"))
        if version:
            yield Package(
                file.path, "pub", "pub", name, version, line=packages.lines[name],
                relation=_relation(kind), dev=kind == "direct dev",
                hashes=digests([text(mapping(entry.get("description")).get("sha256"))]),
            )  # fmt: skip


def _relation(kind: str) -> str:
    if kind == "transitive":
        return "indirect"
    return "direct" if kind.startswith("direct") else ""


pub = Analyzer("pub", 1, ("pubspec.lock",), _analyze, reads="locked")
