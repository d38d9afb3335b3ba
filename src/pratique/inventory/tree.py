"""The files of a project on disk, for an analyzer that needs another one beside its own."""

from __future__ import annotations

import os

_LARGEST = 16 << 20
_CACHES = {"~/.m2/repository/": "~/.m2/", "~/go/pkg/mod/cache/download/": "~/go/"}
"""Of package managers, each with its root: what a project needs and does not hold itself."""


class Tree:
    """A folder, and nothing outside of it but caches and the POMs of the projects around it.

    A module may be scanned alone while its parent is above it. No symbolic link leads outside.
    """

    def __init__(self, root: str) -> None:
        self._root = os.path.realpath(root)

    def read(self, path: str) -> bytes | None:
        """Return a regular file by its path from the root, or None."""
        root = self._root
        for cache, top in _CACHES.items() if path.startswith("~") else ():
            if path.startswith(cache):
                root, path = _place(top), path[len(top) :]
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


def _place(top: str) -> str:
    """Return a root of caches as it is called here (`go help environment`)."""
    if top == "~/go/" and (paths := os.environ.get("GOPATH")):
        top = paths.split(os.pathsep)[0]
    return os.path.realpath(os.path.expanduser(top))


def _is_in(root: str, path: str) -> bool:
    return path.startswith(os.path.join(root, ""))


def _is_pom(place: str, real: str) -> bool:
    return place == real and os.path.basename(place) == "pom.xml"
