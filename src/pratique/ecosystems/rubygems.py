"""RubyGems' versions (Gem::Version)."""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem

_VALID = re.compile(r"\d+(?:\.[0-9a-zA-Z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?", re.ASCII)
_SEGMENT = re.compile(r"\d+|[A-Za-z]+")
_END = (1, 0, "")
_Segment = tuple[int, int, str]


@lru_cache(maxsize=65536)
def version_key(version: str) -> tuple[_Segment, ...]:
    """Return a key that sorts as Gem::Version does; raises ValueError for what is no version.

    A word makes a version come before the one that ends there, a number after it; zeros before a
    word or the end do not count.
    """
    text = version.strip()
    if not _VALID.fullmatch(text):
        raise ValueError(version)
    segments = _SEGMENT.findall(text.replace("-", ".pre."))
    words = next((i for i, s in enumerate(segments) if not s.isdigit()), len(segments))
    numbers, rest = _trimmed(segments[:words]), _trimmed(segments[words:])
    return (*map(_segment, numbers), *map(_segment, rest), _END)


def _trimmed(segments: list[str]) -> list[str]:
    while segments and segments[-1].strip("0") == "":
        segments = segments[:-1]
    return segments


def _segment(text: str) -> _Segment:
    return (2, int(text), "") if text.isdigit() else (0, 0, text)


rubygems = Ecosystem("RubyGems", "gem", version_key)
