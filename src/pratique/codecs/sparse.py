"""Sparse files in a tar: GNU's old format and its PAX formats 0.0, 0.1 and 1.0.

https://www.gnu.org/software/tar/manual/html_section/Sparse-Formats.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pratique.codecs.bytestream import ByteStream
from pratique.errors import MalformedError

if TYPE_CHECKING:
    from pratique.codecs.tar import Member

Map = tuple[tuple[int, int], ...]
"""(offset, bytes) of each part that holds data."""

_BLOCK = 512
_MAP_LIMIT = 1 << 16
_HOLE = bytes(1 << 16)


def described(
    member: Member, header: bytes, extended: dict[str, bytes], stream: ByteStream
) -> Member:
    """Return the member of a sparse file with its real name, size and map."""
    try:
        if "GNU.sparse.major" in extended:
            member.holes, taken = _map_in_data(stream)
            member.stored -= taken
        elif "GNU.sparse.map" in extended:
            member.holes = _pairs([int(n) for n in extended["GNU.sparse.map"].split(b",")])
        else:
            member.holes = _old(header, stream)
        size = extended.get("GNU.sparse.realsize", extended.get("GNU.sparse.size"))
        member.size = int(size) if size else _octal(header[483:495])
    except ValueError:
        raise MalformedError(f"a broken sparse map at {stream.offset}", stream.where) from None
    member.name = extended.get("GNU.sparse.name", member.name)
    return member


def expand(stream: ByteStream, holes: Map, size: int, stored: int) -> Iterator[bytes]:
    """Yield the content with zeros for its holes; raise MalformedError for an impossible map."""
    at = 0
    for offset, length in holes:
        stored -= length
        if offset < at or offset + length > size or stored < 0:
            raise MalformedError(f"an impossible sparse map at {stream.offset}", stream.where)
        yield from _zeros(offset - at)
        yield from stream.pieces(length)
        at = offset + length
    yield from _zeros(size - at)


def _zeros(count: int) -> Iterator[bytes]:
    while count > 0:
        yield _HOLE[:count]
        count -= len(_HOLE)


def _old(header: bytes, stream: ByteStream) -> Map:
    numbers = _octal_pairs(header[386:482])
    more = header[482]
    while more and len(numbers) < _MAP_LIMIT:
        block = stream.read(_BLOCK)
        numbers += _octal_pairs(block[:504])
        more = block[504]
    return _pairs(numbers)


def _octal_pairs(field: bytes) -> list[int]:
    parts = [field[at : at + 12] for at in range(0, len(field) - 11, 12)]
    return [_octal(part) for part in parts if part.strip(b"\0 ")]


def _octal(field: bytes) -> int:
    if field[0] & 0x80:
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    return int(field.strip(b"\0 "), 8)


def _map_in_data(stream: ByteStream) -> tuple[Map, int]:
    """Read format 1.0: decimal numbers, a line each, padded to a block, before the data."""
    text, taken = b"", 0
    count = -1
    while True:
        text += stream.read(_BLOCK)
        taken += _BLOCK
        lines = text.split(b"\n")
        if count < 0 and len(lines) > 1:
            count = int(lines[0])
        if count >= 0 and len(lines) > 2 * count + 1:
            return _pairs([int(n) for n in lines[1 : 2 * count + 1]]), taken
        if taken > _MAP_LIMIT * 20:
            raise ValueError


def _pairs(numbers: list[int]) -> Map:
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))
