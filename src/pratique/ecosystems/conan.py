"""Conan's versions (https://docs.conan.io/2/tutorial/versioning/versions.html)."""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem

_VALID = re.compile(r"[a-z0-9_][a-z0-9_+.-]*", re.ASCII)
_ITEM = re.compile(r"(\d*)(.*)", re.ASCII)
_ZERO = (0, 0, "")
_Items = tuple[tuple[int, int, str], ...]
_RELEASED: _Items = ((2, 0, ""),)


@lru_cache(maxsize=16384)
def version_key(version: str) -> tuple[_Items, _Items, _Items]:
    """Return a key that sorts as Conan does; raises ValueError for what is no version.

    Zeros at the end do not count, what follows a hyphen comes before the release, build metadata
    after it. An item of both digits and letters (`1w`) goes by its number first: Conan compares it
    as text, which orders no three of them for certain.
    """
    text = version.strip().lower()
    if not _VALID.fullmatch(text):
        raise ValueError(version)
    text, plus, build = text.rpartition("+") if "+" in text else (text, "", "")
    main, hyphen, prerelease = text.partition("-")
    return _items(main), _items(prerelease) if hyphen else _RELEASED, _items(build) if plus else ()


def _items(text: str) -> _Items:
    items = [_item(item) for item in text.split(".")]
    while items and items[-1] == _ZERO:
        items.pop()
    return tuple(items)


def _item(text: str) -> tuple[int, int, str]:
    """Return a number with what follows it, or a word, which is after every number."""
    match = _ITEM.match(text)
    if match is None or not match[1]:
        return 1, 0, text
    return 0, int(match[1]), match[2]


conan = Ecosystem("ConanCenter", "conan", version_key, str.lower)
