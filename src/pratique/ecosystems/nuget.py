"""NuGet's versions: SemVer with a fourth number and words without case.

https://learn.microsoft.com/nuget/concepts/package-versioning
"""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem

_VERSION = re.compile(r"v?(\d+(?:\.\d+){0,3})(?:-([0-9a-z.-]+))?(?:\+[0-9a-z.-]*)?", re.ASCII)
_Identifiers = tuple[tuple[int, int | str], ...]
_RELEASED: _Identifiers = ((2, 0),)


@lru_cache(maxsize=16384)
def version_key(version: str) -> tuple[tuple[int, ...], _Identifiers]:
    """Return a key that sorts as NuGet does; raises ValueError for what is no version."""
    match = _VERSION.fullmatch(version.strip().lower())
    if match is None:
        raise ValueError(version)
    written, prerelease = match.groups()
    numbers = [int(number) for number in written.split(".")]
    while numbers[-1] == 0 and len(numbers) > 1:
        numbers.pop()
    return tuple(numbers), _identifiers(prerelease) if prerelease else _RELEASED


def _identifiers(text: str) -> _Identifiers:
    return tuple((0, int(part)) if part.isdigit() else (1, part) for part in text.split("."))


nuget = Ecosystem("NuGet", "nuget", version_key, str.lower)
