"""An RPM header with all of its tags, as packages and databases hold it; read and written.

https://rpm-software-management.github.io/rpm/manual/format_header.html
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from pratique.errors import MalformedError

MAGIC = b"\x8e\xad\xe8\x01\0\0\0\0"
IMMUTABLE = 63
_ENTRY = struct.Struct(">IIiI")
_MOST_ENTRIES, _MOST_BYTES = 65535, 256 << 20
_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8}
_CODES = {1: "B", 2: "B", 3: "H", 4: "I", 5: "Q"}
INT32, STRING, BINARY, STRINGS, TRANSLATED, CHAR = 4, 6, 7, 8, 9, 1
Entry = tuple[int, int, int, int]


class RpmHeader:
    """Tags by their numbers; one that is absent, or of another type, is empty."""

    def __init__(self, blob: bytes, where: str) -> None:
        """Read count, length, index and data; raise MalformedError where these do not agree."""
        if len(blob) < 8:
            raise MalformedError("an RPM header that is cut short", where)
        count, length = struct.unpack_from(">II", blob)
        start = 8 + count * _ENTRY.size
        if not 0 < count <= _MOST_ENTRIES or length > _MOST_BYTES or len(blob) < start + length:
            raise MalformedError(
                f"an RPM header of {count} tags and {length} bytes, which are not there", where
            )
        self.where = where
        self.size = start + length
        self.blob = blob[: self.size]
        self.entries: list[Entry] = list(_ENTRY.iter_unpack(blob[8:start]))
        self.data = blob[start : self.size]
        self._tags = {entry[0]: entry for entry in self.entries}
        for entry in self.entries:
            self._check(entry)

    def __contains__(self, tag: int) -> bool:
        return tag in self._tags

    def _check(self, entry: Entry) -> None:
        tag, kind, offset, count = entry
        least = count * _WIDTHS.get(kind, 1)
        if not 0 <= offset <= len(self.data) or offset + least > len(self.data):
            raise MalformedError(f"tag {tag} of an RPM header leads outside of it", self.where)

    def texts(self, tag: int) -> list[str]:
        """Return the strings of a tag."""
        _, kind, offset, count = self._tags.get(tag, (0, 0, 0, 0))
        if kind not in (STRING, STRINGS, TRANSLATED):
            return []
        found = []
        for _ in range(1 if kind == STRING else count):
            end = self.data.find(b"\0", offset)
            if end < 0:
                raise MalformedError(f"tag {tag} of an RPM header has no end", self.where)
            found.append(self.data[offset:end].decode("utf-8", "surrogateescape"))
            offset = end + 1
        return found

    def text(self, tag: int) -> str:
        return next(iter(self.texts(tag)), "")

    def numbers(self, tag: int) -> tuple[int, ...]:
        """Return the integers of a tag."""
        _, kind, offset, count = self._tags.get(tag, (0, 0, 0, 0))
        if kind not in _CODES:
            return ()
        return struct.unpack_from(f">{count}{_CODES[kind]}", self.data, offset)

    def binary(self, tag: int) -> bytes:
        _, kind, offset, count = self._tags.get(tag, (0, 0, 0, 0))
        return self.data[offset : offset + count] if kind == BINARY else b""

    def raw(self, tag: int) -> tuple[int, int, bytes]:
        """Return the type of a tag, its count, and its bytes as they are stored."""
        _, kind, offset, count = self._tags[tag]
        if kind in (STRING, STRINGS, TRANSLATED):
            end = offset
            for _ in range(1 if kind == STRING else count):
                end = self.data.index(b"\0", end) + 1
            return kind, count, self.data[offset:end]
        return kind, count, self.data[offset : offset + count * _WIDTHS.get(kind, 1)]

    def signed(self) -> bytes:
        """Return the bytes that a header's signature is of."""
        return MAGIC + self.blob


def with_tags(header: RpmHeader, more: Mapping[int, tuple[int, int, bytes]]) -> bytes:
    """Return a header with further tags behind its immutable region, as rpm's database has it.

    Each is a type, a count and its bytes. A header without a region raises MalformedError.
    """
    if header.entries[0][0] != IMMUTABLE:
        raise MalformedError("an RPM header without an immutable region", header.where)
    index = b"".join(_ENTRY.pack(*entry) for entry in header.entries)
    data = bytearray(header.data)
    count = len(header.entries)
    for tag, (kind, number, content) in sorted(more.items()):
        if tag in header:
            continue
        data += bytes(-len(data) % _WIDTHS.get(kind, 1))
        index += _ENTRY.pack(tag, kind, len(data), number)
        data += content
        count += 1
    return struct.pack(">II", count, len(data)) + index + bytes(data)
