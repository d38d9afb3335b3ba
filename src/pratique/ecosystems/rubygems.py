"""RubyGems' versions (Gem::Version)."""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem

_NUMBERS = re.compile(r"\d+(?:\.\d+)*", re.ASCII)
_VALID = re.compile(r"\d+(?:\.[0-9a-zA-Z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?", re.ASCII)
_SEGMENT = re.compile(r"\d+|[A-Za-z]+")
# what comes next decides between versions that are equal so far, from oldest to newest
_WORD, _ZERO_BEFORE_WORD, _END, _NUMBER = range(4)
_Segment = tuple[int, int, str]


@lru_cache(maxsize=16384)
def version_key(version: str) -> tuple[_Segment, ...]:
    """Return a key that sorts as Gem::Version does; raises ValueError for what is no version.

    A word makes a version come before the one that ends there, a number after it; zeros before a
    word or the end do not count.
    """
    text = version.strip()
    if _NUMBERS.fullmatch(text):
        numbers = _trimmed(text.split("."))
        return *[(_NUMBER, int(number), "") for number in numbers], (_END, 0, "")
    if not _VALID.fullmatch(text):
        raise ValueError(version)
    segments = _SEGMENT.findall(text.replace("-", ".pre."))
    words = next(i for i, segment in enumerate(segments) if not segment.isdigit())
    return _key(_trimmed(segments[:words]) + _trimmed(segments[words:]))


def _trimmed(segments: list[str]) -> list[str]:
    while segments and segments[-1].strip("0") == "":
        segments.pop()
    return segments


def _key(segments: list[str]) -> tuple[_Segment, ...]:
    """Return the key of a pre-release, made from its end."""
    key: list[_Segment] = [(_END, 0, "")]
    for segment in reversed(segments):
        if not segment.isdigit():
            key.append((_WORD, 0, segment))
        elif segment.strip("0") == "" and key[-1][0] in (_WORD, _ZERO_BEFORE_WORD):
            key.append((_ZERO_BEFORE_WORD, 0, ""))
        else:
            key.append((_NUMBER, int(segment), ""))
    return tuple(reversed(key))


rubygems = Ecosystem("RubyGems", "gem", version_key)
