"""Put other content in the place of entries of a zip archive; everything else stays as it is.

PKWARE's APPNOTE 6.3. The bytes of other entries, the order, and what is before the archive (the
script of a program that starts itself) are not touched, so that what was stored or dated is so
still.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from struct import Struct as Layout

from msgspec import Struct

from pratique.codecs.window import Window
from pratique.codecs.zip_directory import DEFLATED, read_directory
from pratique.errors import MalformedError

_ENTRY = Layout("<4sHHHHHHIIIHHHHHII")
_LOCAL = Layout("<4sHHHHHIIIHH")
_END = Layout("<4sHHHHIIH")
_LIMIT = 64 << 20
_CHUNK = 1 << 20
_FULL, _FULL_COUNT = 0xFFFFFFFF, 0xFFFF
_NAME_IS_UTF8 = 0x800
_NEEDS = 20  # PKZIP 2.0: deflated, in folders


class Put(Struct, frozen=True):
    """What an entry is to be; it is stored or deflated as the one was whose place it takes."""

    name: str
    data: bytes
    comment: bytes = b""


class _Row(Struct):
    """An entry of the directory, field by field."""

    made: int
    needs: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    stored: int
    size: int
    disk: int
    internal: int
    external: int
    offset: int
    """From the start of the file; in the directory it is that from the start of the archive."""
    name: bytes
    extra: bytes
    comment: bytes

    def encoded(self, shift: int) -> bytes:
        lengths = len(self.name), len(self.extra), len(self.comment)
        fields = _ENTRY.pack(
            b"PK\1\2", self.made, self.needs, self.flags, self.method, self.time, self.date,
            self.crc, self.stored, self.size, *lengths, self.disk, self.internal, self.external,
            self.offset - shift,
        )  # fmt: skip
        return fields + self.name + self.extra + self.comment

    def take(self, put: Put) -> bytes:
        """Become what is put there; return the local header and the content (4.3.7)."""
        packed = put.data
        if self.method == DEFLATED:
            machine = zlib.compressobj(6, zlib.DEFLATED, -15)
            packed = machine.compress(put.data) + machine.flush()
        self.name, self.extra, self.comment = put.name.encode(), b"", put.comment
        self.flags = self.flags & _NAME_IS_UTF8 if put.name.isascii() else _NAME_IS_UTF8
        self.crc, self.stored, self.size = zlib.crc32(put.data), len(packed), len(put.data)
        self.needs = _NEEDS
        header = _LOCAL.pack(
            b"PK\3\4", self.needs, self.flags, self.method, self.time, self.date, self.crc,
            self.stored, self.size, len(self.name), 0,
        )  # fmt: skip
        return header + self.name + packed


class _Archive(Struct):
    rows: list[_Row]
    start: int
    """Where the directory begins."""
    comment: bytes
    shift: int
    """Bytes before the archive."""


def comment_of(file: Window, name: str) -> bytes:
    """Return the comment of an entry; raises MalformedError."""
    return next((row.comment for row in _read(file).rows if row.name == name.encode()), b"")


def rewritten(
    file: Window, puts: Mapping[str, Put], added: Sequence[tuple[str, Put]] = ()
) -> Iterator[bytes]:
    """Yield the archive with other content for some entries, and further ones at its end, each
    made like an entry that is there.

    Raises MalformedError where it is no archive, has no such entry, or would need zip64.
    """
    archive = _read(file)
    known = {row.name.decode("utf-8", "replace"): row for row in archive.rows}
    if missing := (puts.keys() | {like for like, _ in added}) - known.keys():
        raise MalformedError(f"has no entry {min(missing)}", file.where)
    models = [(_copied(known[like]), put) for like, put in added]
    ordered = sorted(archive.rows, key=lambda row: row.offset)
    bounds = [*(row.offset for row in ordered), archive.start]
    yield from _pieces(file, 0, bounds[0])
    at = bounds[0]
    for row, begin, end in zip(ordered, bounds, bounds[1:], strict=False):
        row.offset = at
        put = puts.get(row.name.decode("utf-8", "replace"))
        pieces = iter([row.take(put)]) if put else _pieces(file, begin, end)
        for piece in pieces:
            at += len(piece)
            yield piece
    for row, put in models:
        row.offset = at
        archive.rows.append(row)
        piece = row.take(put)
        at += len(piece)
        yield piece
    yield from _ending(archive, at, file.where)


def _ending(archive: _Archive, at: int, where: str) -> Iterator[bytes]:
    count = len(archive.rows)
    if at >= _FULL or count >= _FULL_COUNT:
        raise MalformedError("would need zip64, which is not written", where)
    directory = b"".join(row.encoded(archive.shift) for row in archive.rows)
    yield directory
    yield _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), at - archive.shift,
                    len(archive.comment))  # fmt: skip
    yield archive.comment


def _copied(row: _Row) -> _Row:
    return _Row(*(getattr(row, field) for field in row.__struct_fields__))


def _read(file: Window) -> _Archive:
    directory = read_directory(file, _LIMIT)
    tail = file.upto(max(file.size - _FULL_COUNT - _END.size, 0), _FULL_COUNT + _END.size)
    end = tail.rfind(b"PK\5\6", 0, len(tail) - _END.size + 4)
    start = file.size - len(tail) + end - len(directory.data)
    rows = list(_rows(directory.data, directory.count, directory.shift, file.where))
    if any(row.offset >= start for row in rows):
        raise MalformedError("an entry that is not before the zip directory", file.where)
    return _Archive(rows, start, tail[end + _END.size :], directory.shift)


def _rows(data: bytes, count: int, shift: int, where: str) -> Iterator[_Row]:
    at = 0
    for _ in range(count):
        if len(data) < at + _ENTRY.size or data[at : at + 4] != b"PK\1\2":
            raise MalformedError("a broken entry in the zip directory", where)
        fields = _ENTRY.unpack_from(data, at)[1:]
        at += _ENTRY.size
        texts = []
        for size in fields[9:12]:
            texts.append(data[at : at + size])
            at += size
        if _FULL in (fields[7], fields[8], fields[15]):
            raise MalformedError("is zip64, which is not rewritten", where)
        name, extra, comment = texts
        made, needs, flags, method, time, date, crc, stored, size = fields[:9]
        disk, internal, external, offset = fields[12:]
        yield _Row(made, needs, flags, method, time, date, crc, stored, size, disk, internal,
                   external, offset + shift, name, extra, comment)  # fmt: skip


def _pieces(file: Window, begin: int, end: int) -> Iterator[bytes]:
    for at in range(begin, end, _CHUNK):
        yield file.at(at, min(_CHUNK, end - at))
