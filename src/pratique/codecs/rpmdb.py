"""RPM's databases in the three formats that there are, as the header blobs they hold.

sqlite (`rpmdb.sqlite`, since 2020), ndb (`Packages.db`, SUSE), BerkeleyDB hash (`Packages`).
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from typing import BinaryIO

from pratique.errors import MalformedError

_SQLITE, _NDB = b"SQLite format 3\0", b"RpmP"
_HASH_MAGIC = 0x061561
_HASH_PAGES, _OVERFLOW_PAGE = (2, 13), 7
_INLINE, _OFF_PAGE = 1, 3
_PAGE_HEADER = 26
_MOST_BYTES = 1 << 30
_LARGEST_HEADER = 64 << 20


def blobs(file: BinaryIO, size: int, where: str) -> Iterator[bytes]:
    """Yield each package's header; raise MalformedError for a damaged or unknown database."""
    head = file.read(16)
    file.seek(0)
    if size > _MOST_BYTES:
        raise MalformedError(f"{size} bytes are too many for a package database", where)
    if head == _SQLITE:
        return _sqlite(file.read(), where)
    if head[:4] == _NDB:
        return _Ndb(file, size, where).blobs()
    if head[12:16] in (_HASH_MAGIC.to_bytes(4, "little"), _HASH_MAGIC.to_bytes(4, "big")):
        return _BerkeleyDb(file, size, where).blobs()
    raise MalformedError("an RPM database of an unknown format", where)


def _sqlite(data: bytes, where: str) -> Iterator[bytes]:
    # bytes 18 and 19 say that a write-ahead log may be beside it, which memory has not
    plain = data[:18] + b"\x01\x01" + data[20:]
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(plain)
        for (blob,) in connection.execute("SELECT blob FROM Packages"):
            if isinstance(blob, bytes):
                yield blob
    # UnicodeDecodeError: of an error's message that quotes the file
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
        raise MalformedError(f"a damaged RPM database: {error}", where) from error
    finally:
        connection.close()


class _Ndb:
    """Pages of slots, each of which points to a blob in blocks of 16 bytes."""

    _PAGE, _SLOT, _BLOCK = 4096, struct.Struct("<4I"), 16
    _SLOT_MAGIC, _BLOB_MAGIC = 0x746F6C53, 0x53626C42

    def __init__(self, file: BinaryIO, size: int, where: str) -> None:
        self._file = file
        self._size = size
        self._where = where

    def blobs(self) -> Iterator[bytes]:
        head = self._file.read(32)
        if len(head) < 32:
            raise MalformedError("an RPM database that is cut short", self._where)
        pages = struct.unpack_from("<I", head, 12)[0]
        if pages * self._PAGE > self._size:
            raise MalformedError("an RPM database that is cut short", self._where)
        self._file.seek(0)
        slots = self._file.read(pages * self._PAGE)[32:]
        for magic, number, offset, count in self._SLOT.iter_unpack(slots[: len(slots) // 16 * 16]):
            if magic != self._SLOT_MAGIC:
                raise MalformedError("a damaged slot in the RPM database", self._where)
            if number:
                yield self._blob(number, offset * self._BLOCK, count * self._BLOCK)

    def _blob(self, number: int, at: int, room: int) -> bytes:
        self._file.seek(at)
        head = self._file.read(16)
        if len(head) < 16 or room > _LARGEST_HEADER:
            raise MalformedError("a slot of the RPM database leads outside", self._where)
        magic, owner, _, length = self._SLOT.unpack(head)
        if magic != self._BLOB_MAGIC or owner != number or length > room:
            raise MalformedError(f"a damaged record {number} in the RPM database", self._where)
        return self._file.read(length)


class _BerkeleyDb:
    """A hash of record numbers to headers, most of which lie on chains of overflow pages."""

    def __init__(self, file: BinaryIO, size: int, where: str) -> None:
        self._file = file
        self._where = where
        head = file.read(72)
        self._order = "<" if head[12:16] == _HASH_MAGIC.to_bytes(4, "little") else ">"
        if len(head) < 72 or head[25] != 8:
            raise MalformedError("a BerkeleyDB file that is no hash", where)
        self._page_size = self._unpack("I", head, 20)
        if self._page_size not in [1 << n for n in range(9, 17)]:
            raise MalformedError("a BerkeleyDB page size that is none", where)
        self._pages = size // self._page_size
        self._stated = self._unpack("I", head, 32) + 1

    def blobs(self) -> Iterator[bytes]:
        for number in range(1, self._pages):
            page = self._page(number)
            if page[25] in _HASH_PAGES:
                yield from self._values(page)
        if self._stated > self._pages:
            missing = self._stated - self._pages
            raise MalformedError(f"the RPM database lacks its last {missing} pages", self._where)

    def _values(self, page: bytes) -> Iterator[bytes]:
        count = self._unpack("H", page, 20)
        if _PAGE_HEADER + 2 * count > len(page):
            raise MalformedError("a damaged page in the RPM database", self._where)
        offsets = struct.unpack_from(f"{self._order}{count}H", page, _PAGE_HEADER)
        for index in range(1, count, 2):  # keys and values take turns
            offset = offsets[index]
            if offset + 12 > len(page):
                continue
            if page[offset] == _OFF_PAGE:
                yield self._chain(
                    self._unpack("I", page, offset + 4), self._unpack("I", page, offset + 8)
                )
            elif page[offset] == _INLINE and offsets[index - 1] - offset > 16:
                yield page[offset + 1 : offsets[index - 1]]

    def _chain(self, number: int, length: int) -> bytes:
        """Return what lies on a chain of overflow pages; one that does not end is damaged."""
        parts: list[bytes] = []
        found = 0
        while number and found < length:
            if not 0 < number < self._pages or length > _LARGEST_HEADER:
                raise MalformedError("a record of the RPM database leads outside", self._where)
            page = self._page(number)
            size = self._unpack("H", page, 22)
            if page[25] != _OVERFLOW_PAGE or not size:
                raise MalformedError("a damaged record in the RPM database", self._where)
            parts.append(page[_PAGE_HEADER : _PAGE_HEADER + size])
            found += len(parts[-1])
            number = self._unpack("I", page, 16)
        if found < length:
            raise MalformedError("a record of the RPM database is cut short", self._where)
        return b"".join(parts)[:length]

    def _page(self, number: int) -> bytes:
        self._file.seek(number * self._page_size)
        page = self._file.read(self._page_size)
        if len(page) < self._page_size:
            raise MalformedError("the RPM database is cut short", self._where)
        return page

    def _unpack(self, kind: str, data: bytes, at: int) -> int:
        number: int = struct.unpack_from(self._order + kind, data, at)[0]
        return number
