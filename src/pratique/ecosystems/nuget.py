"""NuGet's versions: SemVer with a fourth number and words without case.

https://learn.microsoft.com/nuget/concepts/package-versioning
"""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem

_VERSION = re.compile(r"v?(\d+(?:\.\d+){0,3})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]*)?", re.ASCII)
_RELEASED = ((2, 0, ""),)


@lru_cache(maxsize=65536)
def version_key(version: str) -> tuple[tuple[int, ...], tuple[tuple[int, int, str], ...]]:
    """Return a key that sorts as NuGet does; raises ValueError for what is no version."""
    match = _VERSION.fullmatch(version.strip())
    if match is None:
        raise ValueError(version)
    numbers = [int(number) for number in match[1].split(".")]
    numbers += [0] * (4 - len(numbers))
    if not match[2]:
        return tuple(numbers), _RELEASED
    words = tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part)
        for part in match[2].lower().split(".")
    )
    return tuple(numbers), words


nuget = Ecosystem("NuGet", "nuget", version_key, str.lower)
