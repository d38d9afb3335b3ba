"""Gradle's lock files, as text: versions of single modules in them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from pratique.model.remedy import Bump


def script_folder(path: str) -> str:
    """Return the folder of the build script that a lock or a catalog belongs to."""
    folder = posixpath.dirname(path)
    for name in ("dependency-locks", "gradle"):
        if posixpath.basename(folder) == name:
            folder = posixpath.dirname(folder)
    return folder


def locked(text: str, bumps: Iterable[Bump]) -> str:
    """Return a lock with other versions; lines and configurations stay."""
    for bump in bumps:
        line = re.compile(rf"(?m)^({re.escape(bump.name)}:)[^:=\s]+(?=[=\s]|\Z)")
        text = line.sub(lambda found, to=bump.to: found[1] + to, text)  # type: ignore[misc]
    return text
