"""NuGet packages that a .NET project locked: packages.lock.json, packages.config."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.jsontext import decode, next_line, object_lines
from pratique.codecs.lock_graph import merged
from pratique.codecs.markup import elements
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_DIRECT = ("Direct", "CentralDirect")


class _Entry(Struct, gc=False):
    type: str = ""
    """Direct, Transitive, CentralTransitive, or Project for one of the same solution."""
    resolved: str = ""
    dependencies: dict[str, str] = {}


class _Lock(Struct):
    dependencies: dict[str, dict[str, _Entry]] = {}
    """By target framework, and by framework and runtime."""


_LOCK = Decoder(_Lock)


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of NuGet (learn.microsoft.com/nuget), version 1 and 2, or its forerunner."""
    data = file.read()
    if file.path.endswith(".config"):
        yield from _config(data, file.path)
    else:
        yield from merged(_locked(data, file.path))


def _locked(data: bytes, path: str) -> Iterator[Package]:
    lock = decode(data, _LOCK, path)
    lines = object_lines(data)
    for framework, entries in lock.dependencies.items():
        next_line(lines, framework)
        resolved = {name.lower(): f"{name}@{one.resolved}" for name, one in entries.items()}
        for name, one in entries.items():
            line = next_line(lines, name)
            if one.resolved:
                needs = {resolved[n.lower()] for n in one.dependencies if n.lower() in resolved}
                yield Package(
                    path, "nuget", "nuget", name, one.resolved, line=line,
                    relation="direct" if one.type in _DIRECT else "indirect",
                    depends=tuple(sorted(needs)),
                )  # fmt: skip


def _config(data: bytes, path: str) -> Iterator[Package]:
    for element in elements(data.lstrip(b"\xef\xbb\xbf"), path):
        name, version = (element.attributes.get(key, "") for key in ("id", "version"))
        if element.path == "packages/package" and name and version:
            dev = element.attributes.get("developmentDependency", "").lower() == "true"
            yield Package(path, "nuget", "nuget", name, version, dev=dev, line=element.line)


nuget = Analyzer(
    "nuget", 1, ("packages.lock.json", "packages.config"), _analyze, reads="both"
)  # fmt: skip
