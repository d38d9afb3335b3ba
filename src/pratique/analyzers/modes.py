"""Files with odd permissions, and large ones, out of the list that the reader of layers makes."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.analyzer import Analyzer
from pratique.model.configuration import Mode, Trace
from pratique.model.file import File

_MOST = 2000
"""Odd files of one layer that are kept; a layer of `chmod -R 777` has as many as it has files."""
_LARGE = 5 << 20
_STICKY_DIRECTORY = 0o1000


def _analyze(file: File) -> Iterator[Mode | Trace]:
    kept = 0
    for line in file.read().decode("utf-8", "replace").split("\n"):
        if not line:
            continue
        kind, mode, user, group, size, path = line.split(" ", 5)
        if int(size) >= _LARGE:
            yield Trace(path, "large", "", int(size))
        odd = Mode(
            path, int(mode, 8), int(user), int(group), "file" if kind == "f" else "directory"
        )
        if kept < _MOST and not _is_ordinary(odd):
            kept += 1
            yield odd


def _is_ordinary(odd: Mode) -> bool:
    """Tell what was noted for its size alone, and folders like /tmp that are as they should be."""
    if odd.type == "directory":
        return bool(odd.mode & _STICKY_DIRECTORY) or not odd.mode & 0o002
    return not odd.mode & 0o6002 and not odd.path.startswith("etc/")


modes = Analyzer("modes", 1, ("<modes>",), _analyze, scanner="misconfig")
