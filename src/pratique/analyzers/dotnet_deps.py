"""NuGet packages that a published .NET application brings along: its *.deps.json."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dotnet_deps import read_deps
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


def _analyze(file: File) -> Iterator[Package]:
    yield from read_deps(file.read(), file.path)


dotnet_deps = Analyzer("dotnet-core", 1, ("*.deps.json",), _analyze, reads="both")
