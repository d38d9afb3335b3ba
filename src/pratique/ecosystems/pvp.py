"""Haskell's versions: numbers and nothing else (https://pvp.haskell.org)."""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem

_VERSION = re.compile(r"\d+(?:\.\d+)*", re.ASCII)


@lru_cache(maxsize=16384)
def version_key(version: str) -> tuple[int, ...]:
    """Return a key that sorts as Data.Version does: 1.0 is before 1.0.0.

    Raises ValueError for what is no version.
    """
    text = version.strip()
    if not _VERSION.fullmatch(text):
        raise ValueError(version)
    return tuple(map(int, text.split(".")))


hackage = Ecosystem("Hackage", "hackage", version_key)
