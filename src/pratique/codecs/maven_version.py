"""Maven's versions, as its ComparableVersion orders them.

https://maven.apache.org/pom.html#Version_Order_Specification
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

_NUMBERS = re.compile(r"\d+(?:\.\d+)*", re.ASCII)
_TOKEN = re.compile(r"(\d+)|([^\d.\-]+)|([.\-])", re.ASCII)
_QUALIFIERS = {"alpha": 0, "beta": 1, "milestone": 2, "rc": 3, "snapshot": 4, "": 5, "sp": 6}
_RELEASE = (5, "")
_ALIASES = {"ga": "", "final": "", "release": "", "cr": "rc"}
_LETTERS = {"a": "alpha", "b": "beta", "m": "milestone"}
_LENGTH_LIMIT = 256  # each hyphen nests deeper

_Item = int | tuple[int, str] | list["_Item"]


class Version:
    """A version that compares as Maven says; missing parts count as nothing, not as zero."""

    __slots__ = ("_items", "_numbers")

    def __init__(self, text: str) -> None:
        self._numbers: tuple[int, ...] | None = None
        self._items: list[_Item]
        if _NUMBERS.fullmatch(text):
            numbers = [int(number) for number in text.split(".")]
            while numbers and numbers[-1] == 0:
                numbers.pop()
            self._items, self._numbers = [*numbers], tuple(numbers)
        else:
            self._items = _parse(text)

    def __lt__(self, other: Version) -> bool:
        if self._numbers is not None and other._numbers is not None:
            return self._numbers < other._numbers
        return _compare_list(self._items, other._items) < 0

    def __le__(self, other: Version) -> bool:
        return not other < self

    def __gt__(self, other: Version) -> bool:
        return other < self

    def __ge__(self, other: Version) -> bool:
        return not self < other

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and _compare_list(self._items, other._items) == 0

    __hash__ = None  # type: ignore[assignment]  # nobody looks one up


@lru_cache(maxsize=16384)
def version_key(version: str) -> Version:
    """Return a key that sorts as ComparableVersion does; raises ValueError for an empty text."""
    text = version.strip()
    if not text or len(text) > _LENGTH_LIMIT:
        raise ValueError(version)
    return Version(text)


def _parse(text: str) -> list[_Item]:
    """Return the tree: a hyphen, and each change between digits and letters, opens a list."""
    root: list[_Item] = []
    current, opened = root, [root]
    tokens: list[tuple[str, str, str]] = _TOKEN.findall(text.lower())
    before = "."  # the separator just before, if there is one
    for (digits, letters, separator), following in pairwise((*tokens, ("", "", ""))):
        if separator:
            if before:
                current.append(0)
            if separator == "-":
                current = _open(current, opened)
            before = separator
            continue
        is_part = letters and before == "." and current and not following[2]  # 1.0.X is 1.0-X
        if is_part or not before:
            current = _open(current, opened)
        number_follows = bool(following[0])
        current.append(int(digits) if digits else _word(letters, before_number=number_follows))
        before = ""
    for level in reversed(opened):
        _trim(level)
    return root


def _open(current: list[_Item], opened: list[list[_Item]]) -> list[_Item]:
    inner: list[_Item] = []
    current.append(inner)
    opened.append(inner)
    return inner


def _word(text: str, *, before_number: bool) -> tuple[int, str]:
    if before_number:
        text = _LETTERS.get(text, text)
    text = _ALIASES.get(text, text)
    return (_QUALIFIERS[text], "") if text in _QUALIFIERS else (len(_QUALIFIERS), text)


def _trim(items: list[_Item]) -> None:
    """Take away what says nothing at the end: zeros, empty words and empty lists."""
    for index in range(len(items) - 1, -1, -1):
        item = items[index]
        if item in (0, _RELEASE, []):
            del items[index]
        elif not isinstance(item, list):
            break


def _compare(left: _Item | None, right: _Item | None) -> int:
    if left is None:
        return -_compare(right, None) if right is not None else 0
    if isinstance(left, list):
        return _compare_list(left, right)
    if isinstance(left, int):
        if isinstance(right, int):
            return (left > right) - (left < right)
        return 1 if right is not None else int(left != 0)
    if isinstance(right, (int, list)):
        return -1
    other = _RELEASE if right is None else right
    return (left > other) - (left < other)


def _compare_list(left: list[_Item], right: _Item | None) -> int:
    if isinstance(right, int):
        return -1
    if isinstance(right, tuple):
        return 1
    others: list[_Item] = [] if right is None else right
    for index in range(max(len(left), len(others))):
        first = left[index] if index < len(left) else None
        second = others[index] if index < len(others) else None
        if result := _compare(first, second):
            return result
    return 0


_RANGE = re.compile(r"([\[(])([^,\[\]()]*)(,?)([^,\[\]()]*)([\])])")


def newest_within(ranges: str, versions: Iterable[str]) -> str:
    """Return the newest of some versions that is in a set of ranges; empty where none is.

    `[1,2)`, `(,1]`, `[1.5]`, several between commas (maven.apache.org/pom.html,
    Dependency Version Requirement Specification).
    """
    wanted = _RANGE.findall(ranges[:_LENGTH_LIMIT])
    known = [v for v in versions if v and len(v) <= _LENGTH_LIMIT]
    inside = [v for v in known if any(_is_within(version_key(v), *one) for one in wanted)]
    return max(inside, key=version_key, default="")


def _is_within(version: Version, start: str, low: str, comma: str, high: str, end: str) -> bool:
    low, high = low.strip(), high.strip()
    if not comma:
        return bool(low) and version == version_key(low)
    after = not low or version > version_key(low) or (start == "[" and version == version_key(low))
    before = (
        not high or version < version_key(high) or (end == "]" and version == version_key(high))
    )
    return after and before
