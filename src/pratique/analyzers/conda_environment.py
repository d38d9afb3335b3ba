"""Packages that a conda environment file pins: environment.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.requirement import pinned
from pratique.codecs.yamltext import Map, items, read_mapping
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

# [channel::]name, then `=version[=build]` or `==version`, or the same between spaces
_SPEC = r"(?:[^\s:]+::)?([A-Za-z0-9_][\w.-]*)\s*(?:==?|\s)\s*(\d[\w.+!-]*)(?:(?:\s|=)\s*[\w.*-]+)?"
_LONGEST = 300


def _analyze(file: File) -> Iterator[Package]:
    """Read an environment file (docs.conda.io, managing environments): what names one version.

    `name=1.2` stands for any 1.2.x to conda, and is taken by its word, as nothing says more.
    """
    data = file.read()
    environment = read_mapping(data, file.path)
    dependencies = environment.get("dependencies", [])
    if not isinstance(dependencies, list):
        raise MalformedError("the dependencies are no list", file.path)
    lines = _lines(data)
    for item in dependencies:
        if isinstance(item, str):
            yield from _conda(item, file.path, lines)
        elif isinstance(item, Map):
            for requirement in items(item.get("pip")):
                yield from _pip(str(requirement), file.path, lines)


def _conda(spec: str, path: str, lines: dict[str, int]) -> Iterator[Package]:
    if len(spec) <= _LONGEST and (match := re.fullmatch(_SPEC, spec.strip())):
        yield Package(
            path, "conda-environment", "conda", match[1], match[2], relation="direct",
            line=lines.get(spec.strip(), 0),
        )  # fmt: skip


def _pip(requirement: str, path: str, lines: dict[str, int]) -> Iterator[Package]:
    if pin := pinned(requirement):
        yield Package(
            path, "conda-environment", "pypi", *pin, relation="direct",
            line=lines.get(requirement.strip(), 0),
        )  # fmt: skip


def _lines(data: bytes) -> dict[str, int]:
    """Map the texts of a list's items to the lines where they first stand."""
    lines: dict[str, int] = {}
    for number, line in enumerate(data.decode("utf-8-sig", "replace").splitlines(), 1):
        start, dash, item = line.partition("- ")
        if dash and not start.strip():
            lines.setdefault(item.partition(" #")[0].strip().strip("'\""), number)
    return lines


conda_environment = Analyzer(
    "conda-environment", 1, ("environment.yml", "environment.yaml"), _analyze, reads="locked"
)
