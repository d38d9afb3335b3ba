"""What a Java class file defines and what it asks of others (The JVM Specification, chapter 4)."""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from struct import Struct as Layout

from msgspec import Struct

from pratique.errors import MalformedError

_HEAD = Layout(">IHHH")
_TWO = Layout(">HH")
_THREE = Layout(">HHH")
_MEMBER = Layout(">HHHH")
_ATTRIBUTE = Layout(">HI")
_SIZES = {3: 5, 4: 5, 5: 9, 6: 9, 7: 3, 8: 3, 9: 5, 10: 5, 11: 5, 12: 5, 15: 4, 16: 3, 17: 5,
          18: 5, 19: 3, 20: 3}  # fmt: skip
_UTF8, _CLASS, _MEMBERS, _NAMED = 1, 7, (9, 10, 11), 12
_WIDE = (5, 6)
_PRIVATE = 0x0002
_MAGIC = 0xCAFEBABE

Member = tuple[str, str]
"""A name and a descriptor: that of a method begins with a parenthesis."""


class ClassFile(Struct, frozen=True, gc=False):
    """Names are the binary ones, with slashes."""

    name: str
    above: tuple[str, ...]
    """What it extends, then the interfaces that it implements."""
    major: int
    """The class file's version: 52 is Java 8, 61 is Java 17."""
    members: frozenset[Member]
    """Those that others can use."""
    classes: frozenset[str]
    """Classes that it names."""
    uses: frozenset[tuple[str, str, str]]
    """Fields and methods that it uses, each with the class by which it does."""


def read_class(data: bytes, where: str) -> ClassFile:
    """Return what is in a class file; raises MalformedError."""
    try:
        return _Reader(data).read()
    except (struct.error, KeyError, IndexError, UnicodeDecodeError, ValueError) as error:
        raise MalformedError(f"a class file that cannot be read: {error}", where) from error


def named_packages(data: bytes, where: str) -> set[str]:
    """Return the packages of the classes that a class file names; raises MalformedError."""
    try:
        names = list(_Reader(data).classes())
    except (struct.error, KeyError, IndexError, UnicodeDecodeError, ValueError) as error:
        raise MalformedError(f"a class file that cannot be read: {error}", where) from error
    return {sys.intern(_element(name).rpartition("/")[0]) for name in names}


def _element(name: str) -> str:
    """Return the class that an array of it is named by."""
    return name.lstrip("[").removeprefix("L") if name.startswith("[") else name


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        magic, _, self._major, count = _HEAD.unpack_from(data, 0)
        if magic != _MAGIC:
            raise ValueError("it has another magic number")
        self._pool: list[tuple[int, int]] = [(0, 0)] * count
        self._at = self._constants(count)

    def _constants(self, count: int) -> int:
        """Note where each constant is; return where the pool ends."""
        data, at, index, pool = self._data, _HEAD.size, 1, self._pool
        while index < count:
            tag = data[at]
            pool[index] = tag, at + 1
            if tag == _UTF8:
                at += 3 + (data[at + 1] << 8 | data[at + 2])
            else:
                at += _SIZES[tag]
            index += 2 if tag in _WIDE else 1
        return at

    def read(self) -> ClassFile:
        _, this, above = _THREE.unpack_from(self._data, self._at)
        [count] = self._shorts(self._at + 6, 1)
        others = self._shorts(self._at + 8, count)
        self._at += 8 + 2 * count
        named = [number for number in (above, *others) if number]
        return ClassFile(
            self._class(this), tuple(map(self._class, named)), self._major,
            frozenset((*self._members(), *self._members())),
            frozenset(self.classes()),
            frozenset(self._use(at) for tag, at in self._pool if tag in _MEMBERS),
        )  # fmt: skip

    def classes(self) -> Iterator[str]:
        return (self._text_at(at) for tag, at in self._pool if tag == _CLASS)

    def _members(self) -> list[Member]:
        """Read fields or methods, and go behind them."""
        [count] = self._shorts(self._at, 1)
        at, found = self._at + 2, []
        for _ in range(count):
            flags, name, kind, attributes = _MEMBER.unpack_from(self._data, at)
            at += _MEMBER.size
            for _ in range(attributes):
                at += _ATTRIBUTE.size + _ATTRIBUTE.unpack_from(self._data, at)[1]
            if not flags & _PRIVATE:
                found.append((self._text(name), self._text(kind)))
        self._at = at
        return found

    def _use(self, at: int) -> tuple[str, str, str]:
        owner, named = _TWO.unpack_from(self._data, at)
        name, kind = _TWO.unpack_from(self._data, self._pool[named][1])
        return self._class(owner), self._text(name), self._text(kind)

    def _class(self, index: int) -> str:
        return self._text_at(self._pool[index][1])

    def _text_at(self, at: int) -> str:
        return self._text(self._data[at] << 8 | self._data[at + 1])

    def _text(self, index: int) -> str:
        tag, at = self._pool[index]
        if tag != _UTF8:
            raise ValueError(f"constant {index} is no text")
        size = self._data[at] << 8 | self._data[at + 1]
        text = self._data[at + 2 : at + 2 + size]
        if len(text) != size:
            raise ValueError("it is cut short")
        return text.decode("utf-8", "surrogateescape")  # "modified" only where it does not matter

    def _shorts(self, at: int, count: int) -> tuple[int, ...]:
        return Layout(f">{count}H").unpack_from(self._data, at)
