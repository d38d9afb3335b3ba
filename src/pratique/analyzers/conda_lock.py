"""Conda and Python packages that conda-lock locked: conda-lock.yml."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.digests import digests
from pratique.codecs.lock_graph import by_name, merged, named
from pratique.codecs.yamltext import Map, items, mapping, read_mapping, text, texts
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


def _analyze(file: File) -> Iterator[Package]:
    """Read a unified lock file (conda.github.io/conda-lock, version 1), all platforms as one."""
    entries = [mapping(item) for item in items(read_mapping(file.read(), file.path).get("package"))]
    known = by_name({(text(one.get("name")), text(one.get("version"))): 0 for one in entries})
    yield from merged(
        _package(one, file.path, known) for one in entries
        if text(one.get("name")) and text(one.get("version"))
    )  # fmt: skip


def _package(one: Map, path: str, known: dict[str, tuple[str, ...]]) -> Package:
    hashes = texts(one.get("hash"))
    return Package(
        path, "conda-lock", "pypi" if one.get("manager") == "pip" else "conda",
        text(one.get("name")), text(one.get("version")), line=one.lines["name"],
        dev=one.get("category") == "dev", depends=named(mapping(one.get("dependencies")), known),
        hashes=digests(f"{algorithm}:{digest}" for algorithm, digest in hashes.items()),
    )  # fmt: skip


conda_lock = Analyzer(
    "conda-lock", 1, ("conda-lock.yml", "*.conda-lock.yml"), _analyze, reads="locked"
)
