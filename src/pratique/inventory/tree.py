"""The files of a project on disk, for an analyzer that needs another one beside its own."""

from __future__ import annotations

import os

_LARGEST = 16 << 20
_CACHES = ("~/.m2/repository/",)
"""Of package managers: what a project needs and does not hold itself."""


class Tree:
    """A folder, and nothing outside of it but caches; also through symbolic links."""

    def __init__(self, root: str) -> None:
        self._root = os.path.realpath(root)

    def read(self, path: str) -> bytes | None:
        """Return a regular file by its path from the root, or None."""
        root = self._root
        if path.startswith(_CACHES):
            path = os.path.expanduser(path)
            root = os.path.dirname(os.path.expanduser(_CACHES[0]))
        real = os.path.realpath(os.path.join(root, path))
        if not real.startswith(os.path.join(os.path.realpath(root), "")):
            return None
        try:
            if not os.path.isfile(real) or os.path.getsize(real) > _LARGEST:
                return None
            with open(real, "rb") as file:
                return file.read(_LARGEST + 1)[:_LARGEST]
        except (OSError, ValueError):  # ValueError: a name with a NUL
            return None
