"""Packages.db, rpm's own database (SUSE): pages of slots, then headers in blocks of 16 bytes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

from pratique.errors import MalformedError
from pratique.patch.resolution import Key
from pratique.patch.rpmheader import RpmHeader

_HEAD, _SLOT = struct.Struct("<8I"), struct.Struct("<4I")
_PAGE, _BLOCK = 4096, 16
_DB, _SLOT_MAGIC, _START, _END = 0x506D7052, 0x746F6C53, 0x53626C42, 0x45626C42
_WHERE = "Packages.db"


def with_packages(data: bytes, packages: Mapping[Key, bytes]) -> bytes:
    """Return a database in which packages have the place of those of the same name and arch."""
    magic, version, generation, _, following, *rest = _HEAD.unpack_from(data)
    if magic != _DB or version != 0:
        raise MalformedError(f"an RPM database of version {version}", _WHERE)
    blobs: dict[int, bytes] = _blobs(data)
    numbers = {_key(blob): number for number, blob in blobs.items()}
    for key, blob in packages.items():
        blobs.pop(numbers.get(key, 0), None)
        blobs[following] = blob
        following += 1
    pages = max(1, -(-(_HEAD.size + len(blobs) * _SLOT.size) // _PAGE))
    slots, body = bytearray(), bytearray()
    start = pages * _PAGE // _BLOCK
    for number, blob in blobs.items():
        entry = _entry(number, generation + 1, blob)
        slots += _SLOT.pack(_SLOT_MAGIC, number, start + len(body) // _BLOCK, len(entry) // _BLOCK)
        body += entry
    empty = _SLOT.pack(_SLOT_MAGIC, 0, 0, 0)
    slots += empty * ((pages * _PAGE - _HEAD.size - len(slots)) // _SLOT.size)
    head = _HEAD.pack(_DB, version, generation + 1, pages, following, *rest)
    return head + bytes(slots) + bytes(body)


def _entry(number: int, generation: int, blob: bytes) -> bytes:
    """Return a header as it is stored: with its number, its length twice, a checksum."""
    head = _SLOT.pack(_START, number, generation, len(blob))
    padding = bytes(-(len(head) + len(blob) + 12) % _BLOCK)
    summed = zlib.adler32(head + blob + padding)
    return head + blob + padding + struct.pack("<3I", summed, len(blob), _END)


def _blobs(data: bytes) -> dict[int, bytes]:
    pages = struct.unpack_from("<I", data, 12)[0]
    found = {}
    for _, number, offset, _ in _SLOT.iter_unpack(data[_HEAD.size : pages * _PAGE]):
        if number:
            at = offset * _BLOCK
            length = struct.unpack_from("<I", data, at + 12)[0]
            found[number] = data[at + 16 : at + 16 + length]
    return found


def _key(blob: bytes) -> Key:
    header = RpmHeader(blob, _WHERE)
    return header.text(1000), header.text(1022)
