"""The files of a project on disk, for an analyzer that needs another one beside its own."""

from __future__ import annotations

import os

_LARGEST = 16 << 20
_CACHES = ("~/.m2/repository/",)
"""Of package managers: what a project needs and does not hold itself."""


class Tree:
    """A folder, and nothing outside of it but caches and the POMs of the projects around it.

    A module may be scanned alone while its parent is above it. No symbolic link leads outside.
    """

    def __init__(self, root: str) -> None:
        self._root = os.path.realpath(root)

    def read(self, path: str) -> bytes | None:
        """Return a regular file by its path from the root, or None."""
        root = self._root
        if path.startswith(_CACHES):
            root, path = os.path.realpath(os.path.expanduser("~/.m2")), path[len("~/.m2/") :]
        place = os.path.normpath(os.path.join(root, path))
        try:
            real = os.path.realpath(place)
            if not (_is_in(root, real) if _is_in(root, place) else _is_pom(place, real)):
                return None
            if not os.path.isfile(real) or os.path.getsize(real) > _LARGEST:
                return None
            with open(real, "rb") as file:
                return file.read(_LARGEST)
        except (OSError, ValueError):  # ValueError: a name with a NUL
            return None


def _is_in(root: str, path: str) -> bool:
    return path.startswith(os.path.join(root, ""))


def _is_pom(place: str, real: str) -> bool:
    return place == real and os.path.basename(place) == "pom.xml"
