"""Gentoo's installed packages: a folder each in /var/db/pkg (Package Manager Specification)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import OwnedFiles, Package

# a version as the specification defines it (3.2), after the last hyphen that one can follow
_NAMED = re.compile(
    r"([A-Za-z0-9_][\w+-]*?)-(\d+(?:\.\d+)*[a-z]?(?:_(?:alpha|beta|pre|rc|p)\d*)*(?:-r\d+)?)",
    re.ASCII,
)


def analyze(file: File) -> Iterator[Package | OwnedFiles]:
    """Yield the package whose CONTENTS it is, named by its folders, and the files it owns."""
    category, folder = file.path.split("/")[-3:-1]
    match = _NAMED.fullmatch(folder)
    if match is None:
        raise MalformedError(f"a folder whose name has no version: {folder}", file.path)
    name = f"{category}/{match[1]}"
    yield Package(file.path, "portage", "portage", name, match[2])
    lines = file.read().decode("utf-8", "replace").splitlines()
    if files := tuple(path for path in map(_owned, lines) if path):
        yield OwnedFiles(file.path, name, files)


def _owned(line: str) -> str:
    """Return the path of a line for a file or a link: `obj PATH MD5 TIME`, `sym PATH -> …`."""
    if line.startswith("obj /"):
        return line[5:].rsplit(" ", 2)[0]
    return line[5:].partition(" -> ")[0] if line.startswith("sym /") else ""


portage = Analyzer("portage", 1, ("/var/db/pkg/*/*/CONTENTS",), analyze)
