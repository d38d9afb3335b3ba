"""Read zip archives from their directory: which entries there are, and the content of some."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

import msgspec

from pratique.codecs.window import Window
from pratique.errors import MalformedError

STORED, DEFLATED = 0, 8

_END = Struct("<4sHHHHIIH")
_LOCATOR = Struct("<4sIQI")
_END_64 = Struct("<4sQHHIIQQQQ")
_ENTRY = Struct("<4sHHHHHHIIIHHHHHII")
_LOCAL = Struct("<4s22xHH")
_LENGTHS = Struct("<4s24xHHH")
_LONGEST_COMMENT = 0xFFFF
_ENCRYPTED = 1
_SEE_EXTRA = 0xFFFFFFFF
_CHUNK = 1 << 16


class Entry(msgspec.Struct, frozen=True, gc=False):
    name: str
    method: int
    encrypted: bool
    stored: int
    """Bytes as they are in the archive."""
    size: int
    """Bytes of the content."""
    offset: int
    """Of the local header."""


class Directory(msgspec.Struct, frozen=True, gc=False):
    """The central directory as it is; its entries are read when they are asked for."""

    data: bytes
    count: int
    shift: int
    """Bytes before the archive, as before that of a program that unpacks itself."""
    where: str

    def names(self, text: bytes) -> bool:
        """Tell whether any name holds a text."""
        return text in self.data

    def entries(self, endings: tuple[bytes, ...]) -> Iterator[Entry]:
        """Yield the entries whose names end so; raise MalformedError at the first broken one."""
        data, at = self.data, 0
        unpack = _LENGTHS.unpack_from
        for _ in range(self.count):
            if at + _ENTRY.size > len(data):
                raise MalformedError("the zip directory is cut short", self.where)
            signature, name, extra, comment = unpack(data, at)
            if signature != b"PK\1\2":
                raise MalformedError("a broken entry in the zip directory", self.where)
            end = at + _ENTRY.size + name
            if data[at + _ENTRY.size : end].endswith(endings):
                yield self._entry(at, end, extra)
            at = end + extra + comment

    def _entry(self, at: int, name_end: int, extra: int) -> Entry:
        fields = _ENTRY.unpack_from(self.data, at)
        flags, method = fields[3:5]
        name = self.data[at + _ENTRY.size : name_end].decode("utf-8", "replace")
        large = _large(self.data[name_end : name_end + extra], (fields[9], fields[8], fields[16]))
        size, stored, offset = large
        encrypted = bool(flags & _ENCRYPTED)
        return Entry(name, method, encrypted, stored, size, offset + self.shift)


def read_directory(file: Window, limit: int) -> Directory:
    """Read the central directory (PKWARE's APPNOTE 6.3, 4.3.12 to 4.3.16), zip64 included.

    Raises MalformedError where there is none, or one of more than `limit` bytes.
    """
    tail_at = max(file.size - _LONGEST_COMMENT - _END.size, 0)
    tail = file.upto(tail_at, _LONGEST_COMMENT + _END.size)
    end = tail.rfind(b"PK\5\6", 0, len(tail) - _END.size + 4)
    if end < 0:
        raise MalformedError("not a zip archive, or one that is cut short", file.where)
    _, _, _, _, count, size, offset, _ = _END.unpack_from(tail, end)
    ends_at = tail_at + end
    wide = _end_64(file, ends_at)
    if wide:
        count, size, offset, ends_at = wide
    if size > limit:
        raise MalformedError(f"a zip directory of {size} bytes", file.where)
    shift = ends_at - size - offset
    if shift < 0:
        raise MalformedError("the zip directory is not where it should be", file.where)
    return Directory(file.at(ends_at - size, size), count, shift, file.where)


def _end_64(file: Window, end: int) -> tuple[int, int, int, int] | None:
    """Return count, size, offset and end of a directory that zip64 describes."""
    locator = file.upto(end - _LOCATOR.size, _LOCATOR.size)
    if not locator.startswith(b"PK\6\7") or len(locator) < _LOCATOR.size:
        return None
    # its own offset does not count what may be before the archive, so look where it ends, too
    for at in (_LOCATOR.unpack(locator)[2], end - _LOCATOR.size - _END_64.size):
        record = file.upto(at, _END_64.size)
        if len(record) == _END_64.size and record.startswith(b"PK\6\6"):
            fields = _END_64.unpack(record)
            return fields[7], fields[8], fields[9], at
    raise MalformedError("a zip64 archive without its directory", file.where)


def _large(extra: bytes, sizes: tuple[int, int, int]) -> tuple[int, int, int]:
    """Replace what does not fit into 32 bits by what the zip64 field says, in its order."""
    if _SEE_EXTRA not in sizes:
        return sizes
    at = 0
    while at + 4 <= len(extra):
        kind, length = extra[at : at + 2], int.from_bytes(extra[at + 2 : at + 4], "little")
        if kind == b"\1\0":
            field = extra[at + 4 : at + 4 + length]
            words = (field[i : i + 8] for i in range(0, len(field), 8))
            size, stored, offset = (
                int.from_bytes(next(words, b"\xff" * 4), "little") if value == _SEE_EXTRA else value
                for value in sizes
            )
            return size, stored, offset
        at += 4 + length
    return sizes


def stored_content(file: Window, entry: Entry) -> Window:
    """Return where an entry's bytes are, as they are stored."""
    if entry.encrypted:
        raise MalformedError("is encrypted", file.where)
    if entry.method not in (STORED, DEFLATED):
        raise MalformedError(f"is compressed by method {entry.method}", file.where)
    signature, name, extra = _LOCAL.unpack(file.at(entry.offset, _LOCAL.size))
    if signature != b"PK\3\4":
        raise MalformedError("has no header in the archive", file.where)
    return file.part(entry.offset + _LOCAL.size + name + extra, entry.stored)


def content(file: Window, entry: Entry) -> Iterator[bytes]:
    """Yield an entry's content in pieces, never more than the directory promises."""
    stored = stored_content(file, entry)
    given = 0
    for piece in _pieces(stored) if entry.method == STORED else _inflated(stored):
        given += len(piece)
        if given > entry.size:
            break
        yield piece
    if given != entry.size:
        raise MalformedError("is not as long as the zip directory says", file.where)


def _pieces(stored: Window) -> Iterator[bytes]:
    for at in range(0, stored.size, _CHUNK):
        yield stored.at(at, min(_CHUNK, stored.size - at))


def _inflated(stored: Window) -> Iterator[bytes]:
    # imported by whoever meets an archive: 1 ms
    from isal import isal_zlib  # noqa: PLC0415

    machine = isal_zlib.decompressobj(-15)
    errors: type[Exception] = isal_zlib.error  # type: ignore[assignment]  # its stub: an instance
    try:
        for piece in _pieces(stored):
            data = piece
            while data and not machine.eof:
                yield machine.decompress(data, _CHUNK)
                data = machine.unconsumed_tail
        while not machine.eof and (held_back := machine.decompress(b"", _CHUNK)):
            yield held_back
    except (errors, ValueError) as error:
        raise MalformedError(f"is corrupt: {error}", stored.where) from error
