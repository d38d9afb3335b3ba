"""An RPM package as a file: lead, signature, header, payload; and its header as rpm installs it.

https://rpm-software-management.github.io/rpm/manual/format_v4.html, format_header.html,
format_payload.html
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from msgspec import Struct

from pratique.codecs.compression import inflate
from pratique.codecs.rpmheader import Header
from pratique.errors import MalformedError

_LEAD, _LEAD_MAGIC = 96, b"\xed\xab\xee\xdb"
_MAGIC = b"\x8e\xad\xe8\x01\x00\x00\x00\x00"
_ENTRY = struct.Struct(">IiiI")
_REGION = 63
_REGION_SIZE = 16
_LARGEST = 256 << 20
_CHUNK = 1 << 18
_LONGEST_NAME = 4096
_ALIGNED = {3: 2, 4: 4, 5: 8}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}
INT32, CHARS, BINARY, STRING = 4, 1, 7, 6
# https://github.com/rpm-software-management/rpm: lib/package.c, what of a signature is kept
_KEPT = {
    1000: 257, 1002: 259, 1004: 261, 1005: 262, 1007: 1046,
    267: 267, 268: 268, 269: 269, 270: 270, 273: 273, 278: 278,
}  # fmt: skip


class Package(Struct):
    """What is at the beginning of the file."""

    signature: bytes
    """The signature header, without its magic."""
    header: bytes
    """The main header, without its magic."""
    payload: int
    """Where the payload begins."""

    @property
    def signed(self) -> bytes:
        """What signatures of the header are of."""
        return _MAGIC + self.header


class Extra(Struct, frozen=True):
    """A tag that an installation adds."""

    tag: int
    kind: int
    count: int
    data: bytes


class Member(Struct):
    """A file of the payload."""

    name: str
    """Relative to the root; empty where the header has it, by `index`."""
    index: int
    links: int
    size: int


def read(file: BinaryIO, where: str) -> Package:
    """Return the headers; raises MalformedError for what is no package of format 3 or 4."""
    lead = file.read(_LEAD)
    if len(lead) < _LEAD or lead[:4] != _LEAD_MAGIC:
        raise MalformedError("it is no RPM package", where)
    signature = _header(file, where)
    file.read(-(8 + len(signature)) % 8)  # the header after it is aligned
    header = _header(file, where)
    return Package(signature, header, file.tell())


def _header(file: BinaryIO, where: str) -> bytes:
    head = file.read(16)
    if len(head) < 16 or head[:8] != _MAGIC:
        raise MalformedError("a header of the package is damaged", where)
    count, length = struct.unpack_from(">II", head, 8)
    size = count * _ENTRY.size + length
    if size > _LARGEST:
        raise MalformedError(f"a header of {size} bytes", where)
    rest = file.read(size)
    if len(rest) < size:
        raise MalformedError("it ends in its header", where)
    blob = head[8:] + rest
    Header(blob, where)
    return blob


def installed(package: Package, extra: Sequence[Extra], where: str) -> bytes:
    """Return the header as rpm's database has it: the package's own region, then what is added."""
    count, length = struct.unpack_from(">II", package.header)
    first = _ENTRY.unpack_from(package.header, 8) if count else (0, 0, 0, 0)
    if first[0] != _REGION or first[3] != _REGION_SIZE:
        raise MalformedError("its header has no region that cannot be changed", where)
    start = 8 + count * _ENTRY.size
    index = bytearray(package.header[8:start])
    data = bytearray(package.header[start : start + length])
    added = sorted([*_of_signature(package.signature), *extra], key=lambda one: one.tag)
    for one in added:
        data += b"\0" * (-len(data) % _ALIGNED.get(one.kind, 1))
        index += _ENTRY.pack(one.tag, one.kind, len(data), one.count)
        data += one.data
    return struct.pack(">II", count + len(added), len(data)) + bytes(index) + bytes(data)


def _of_signature(blob: bytes) -> Iterator[Extra]:
    count, _ = struct.unpack_from(">II", blob)
    start = 8 + count * _ENTRY.size
    for tag, kind, offset, number in _ENTRY.iter_unpack(blob[8:start]):
        to = _KEPT.get(tag)
        if to is None or offset < 0:
            continue
        if kind in _SIZES:
            data = blob[start + offset : start + offset + number * _SIZES[kind]]
        else:
            end = start + offset
            for _ in range(number):
                end = blob.index(b"\0", end) + 1
            data = blob[start + offset : end]
        yield Extra(to, kind, number, data)


def installed_signature(blob: bytes) -> bytes:
    """Return a signature header with the tags that an installed header has for the same."""
    found = sorted(_of_signature(blob), key=lambda one: one.tag)
    index, data = bytearray(), bytearray()
    for one in found:
        data += b"\0" * (-len(data) % _ALIGNED.get(one.kind, 1))
        index += _ENTRY.pack(one.tag, one.kind, len(data), one.count)
        data += one.data
    return struct.pack(">II", len(found), len(data)) + bytes(index) + bytes(data)


def number(tag: int, *values: int) -> Extra:
    return Extra(tag, INT32, len(values), struct.pack(f">{len(values)}I", *values))


class Payload:
    """The files of a package, in the order of its archive (cpio, "new ASCII")."""

    def __init__(self, file: BinaryIO, package: Package, where: str) -> None:
        file.seek(package.payload)
        self._chunks = inflate(iter(lambda: file.read(_CHUNK), b""), where)
        self._where = where
        self._held = bytearray()

    def members(self, sizes: Sequence[int]) -> Iterator[tuple[Member, Iterator[bytes]]]:
        """Yield each file and its content; `sizes` are those that the header has.

        Of files that are one by hard links the last alone has a content.
        """
        while True:
            magic = self._take(6)
            if magic == b"07070X":
                member = self._indexed(sizes)
            elif magic in (b"070701", b"070702"):
                member = self._named()
                if member.name == "TRAILER!!!":
                    return
            else:
                raise MalformedError("its payload is damaged", self._where)
            left = [member.size]
            yield member, self._content(left)
            for _ in self._content(left):
                pass
            self._take(-member.size % 4)

    def _indexed(self, sizes: Sequence[int]) -> Member:
        index = _hex(self._take(8), self._where)
        self._take(-14 % 4)
        if index >= len(sizes):
            raise MalformedError("its payload has a file that its header does not", self._where)
        return Member("", index, 1, sizes[index])

    def _named(self) -> Member:
        head = self._take(104)
        fields = [_hex(head[i : i + 8], self._where) for i in range(0, 104, 8)]
        length = fields[11]
        if not 0 < length <= _LONGEST_NAME:
            raise MalformedError("a name in its payload is too long", self._where)
        name = self._take(length)[:-1].decode("utf-8", "surrogateescape")
        self._take(-(110 + length) % 4)
        return Member(name, -1, fields[4], fields[6])

    def _content(self, left: list[int]) -> Iterator[bytes]:
        while left[0] > 0:
            data = self._some(min(left[0], _CHUNK))
            left[0] -= len(data)
            yield data

    def _some(self, most: int) -> bytes:
        while not self._held:
            chunk = next(self._chunks, b"")
            if not chunk:
                raise MalformedError("its payload ends too early", self._where)
            self._held += chunk
        data = bytes(self._held[:most])
        del self._held[:most]
        return data

    def _take(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            data += self._some(size - len(data))
        return data


def _hex(text: bytes, where: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        raise MalformedError("its payload is damaged", where) from None
