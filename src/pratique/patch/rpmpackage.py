"""An RPM package in a file: its signatures, its header, its files (formats 3 and 4).

https://rpm-software-management.github.io/rpm/manual/format_v4.html
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

from msgspec import Struct

from pratique.codecs.bytestream import ByteStream
from pratique.codecs.compression import inflate
from pratique.errors import LimitExceeded, MalformedError
from pratique.patch.openpgp import verify_detached
from pratique.patch.rpmheader import MAGIC, RpmHeader

_LEAD, _LEAD_SIZE = b"\xed\xab\xee\xdb", 96
_SIGNATURES = (278, 268, 267)
"""Of the header: OpenPGP packets in base64 (RPM 6), RSA, DSA."""
_HEADER_LIMIT = 300 << 20
_CHUNK = 1 << 18
_HASHES = {1: "md5", 2: "sha1", 8: "sha256", 9: "sha384", 10: "sha512", 11: "sha224"}
CONFIG, DOC, MISSING_OK, NOREPLACE, GHOST = 1, 2, 8, 16, 64
_MOST_FILES = 1 << 20


class RpmFile(Struct):
    """A file as the header of a package describes it."""

    path: str
    """Without a leading slash."""
    mode: int
    user: str
    group: str
    mtime: int
    size: int
    link: str
    digest: str
    flags: int
    lang: str
    caps: str
    inode: tuple[int, int]
    state: int
    """0 where it was installed; of a package in a database."""

    @property
    def kind(self) -> str:
        kinds = {0o040000: "directory", 0o100000: "file", 0o120000: "symlink"}
        return kinds.get(self.mode & 0o170000, "other")


def files_of(header: RpmHeader) -> list[RpmFile]:
    """Return the files of a header; raise MalformedError for paths that lead out of the root."""
    names, folders = header.texts(1117), header.texts(1118)
    where = header.numbers(1116)
    if len(names) != len(where) or any(index >= len(folders) for index in where):
        raise MalformedError("the lists of files differ in length", header.where)
    count = len(names)
    longs = header.numbers(5008)
    numbers = [_whole(header.numbers(tag), count) for tag in (1030, 1034, 1037, 1096, 1095, 1029)]
    modes, mtimes, flags, inodes, devices, states = numbers
    sizes = _whole(longs or header.numbers(1028), count)
    texts = [_whole(header.texts(tag), count, "") for tag in (1039, 1040, 1036, 1035, 1097, 5010)]
    users, groups, links, digests, langs, caps = texts
    return [
        RpmFile(
            _safe(folders[where[i]] + names[i], header.where), modes[i], users[i], groups[i],
            mtimes[i], sizes[i], links[i], digests[i], flags[i], langs[i], caps[i],
            (devices[i], inodes[i]), states[i],
        )
        for i in range(count)
    ]  # fmt: skip


def _whole(values: Sequence[Any], count: int, absent: Any = 0) -> Sequence[Any]:
    return values if len(values) == count else [absent] * count


def _safe(path: str, where: str) -> str:
    parts = path.split("/")
    if not path.startswith("/") or ".." in parts or "\n" in path:
        raise MalformedError(f"{path!r} leads out of the package", where)
    if any(part.startswith(".wh.") for part in parts):
        raise MalformedError(f"{path!r} would be a whiteout", where)
    return "/".join(part for part in parts if part not in ("", "."))


def hasher_of(header: RpmHeader) -> str:
    """Return the name of the hash that the digests of files are of."""
    number = next(iter(header.numbers(5011)), 1)
    if number not in _HASHES:
        raise MalformedError(f"digests of files by hash {number}, which is unknown", header.where)
    return _HASHES[number]


class RpmPackage:
    """A package; nothing of it is believed before `verify`."""

    def __init__(self, file: BinaryIO, where: str) -> None:
        """Read both headers; raise MalformedError where it is no package."""
        self._file = file
        self.where = where
        if not file.read(_LEAD_SIZE).startswith(_LEAD):
            raise MalformedError("it is no RPM package", where)
        self.signature = self._header()
        file.seek(-self.signature.size % 8, 1)
        self.header = self._header()
        self._start = file.tell()
        self.files = files_of(self.header)

    def _header(self) -> RpmHeader:
        head = self._file.read(16)
        if len(head) < 16 or head[:4] != MAGIC[:4]:
            raise MalformedError("an RPM header that is none, or cut short", self.where)
        count, length = struct.unpack_from(">II", head, 8)
        size = count * 16 + length
        if size > _HEADER_LIMIT:
            raise MalformedError(f"an RPM header of {count} tags and {length} bytes", self.where)
        return RpmHeader(head[8:] + self._file.read(size), self.where)

    def verify(self, certs: Sequence[Any]) -> None:
        """Raise MalformedError unless a key that is trusted signed the header, whole."""
        from base64 import b64decode  # noqa: PLC0415

        found = [self.signature.binary(tag) for tag in _SIGNATURES[1:]]
        found += [b64decode(text) for text in self.signature.texts(_SIGNATURES[0])]
        made = [data for data in found if data]
        if not made:
            raise MalformedError("the package is not signed", self.where)
        if not certs:
            raise MalformedError("no key that could verify it is in the image", self.where,
                                 "--keyring FILE names another keyring")  # fmt: skip
        for data in made[:-1]:
            with suppress(MalformedError):
                verify_detached(self.header.signed(), data, certs, self.where)
                return
        verify_detached(self.header.signed(), made[-1], certs, self.where)

    def check_payload(self) -> None:
        """Raise MalformedError where the compressed files are not those that were signed."""
        stated = self.header.text(5092)
        if not stated:
            return  # of rpm before 4.14: the digests of files are signed, and checked one by one
        hasher = hashlib.sha256()
        self._file.seek(self._start)
        while chunk := self._file.read(_CHUNK):
            hasher.update(chunk)
        if hasher.hexdigest() != stated:
            raise MalformedError("its files are not those that it was signed with", self.where)

    def members(self) -> Iterator[tuple[RpmFile, ByteStream, int]]:
        """Yield files with the stream of their content and its size, in the order of the payload.

        Raises MalformedError for a member that the header does not name, and for a cut payload.
        """
        self._file.seek(self._start)
        stream = ByteStream(self._inflated(), self.where)
        by_path = {file.path: file for file in self.files}
        total = sum(file.size for file in self.files) + (1 << 20)
        seen = 0
        while (found := self._member(stream, by_path)) is not None:
            file, size = found
            seen += size
            if size > file.size or seen > total:
                raise LimitExceeded(f"{self.where}: /{file.path} is larger than its header says")
            yield file, stream, size
            _take(stream, -size % 4, self.where)

    def _member(
        self, stream: ByteStream, by_path: dict[str, RpmFile]
    ) -> tuple[RpmFile, int] | None:
        magic = _take(stream, 6, self.where)
        if magic == b"07070X":
            index = _hex(_take(stream, 8, self.where), self.where)
            _take(stream, 2, self.where)
            if index >= len(self.files):
                raise MalformedError("a member that its header does not name", self.where)
            file = self.files[index]
            return file, self._stripped_size(index)
        if magic not in (b"070701", b"070702"):
            raise MalformedError("its payload is no cpio archive", self.where)
        fields = _take(stream, 104, self.where)
        size, length = (_hex(fields[at : at + 8], self.where) for at in (48, 88))
        if not 0 < length < 8192:
            raise MalformedError("a name of a member that is too long", self.where)
        name = _take(stream, length, self.where).rstrip(b"\0").decode("utf-8", "surrogateescape")
        _take(stream, -(110 + length) % 4, self.where)
        if name == "TRAILER!!!":
            return None
        path = _safe("/" + name.removeprefix("./").lstrip("/"), self.where)
        if name.startswith("../") or path not in by_path:
            raise MalformedError(f"{name!r} is not among the files of its header", self.where)
        return by_path[path], size

    def _stripped_size(self, index: int) -> int:
        """Return the size of a member of large packages: of hard links, the last has content."""
        file = self.files[index]
        if file.kind == "symlink":
            return file.size
        same = [i for i, f in enumerate(self.files)
                if f.inode == file.inode and f.kind == "file" and not f.flags & GHOST]  # fmt: skip
        has_content = file.kind == "file" and (not any(file.inode) or index == same[-1])
        return file.size if has_content else 0

    def _inflated(self) -> Iterator[bytes]:
        if self.header.text(1125) == "lzma":
            return _lzma(self._chunks(), self.where)
        return inflate(self._chunks(), self.where)

    def _chunks(self) -> Iterator[bytes]:
        while chunk := self._file.read(_CHUNK):
            yield chunk


def _lzma(chunks: Iterator[bytes], where: str) -> Iterator[bytes]:
    import lzma  # noqa: PLC0415 - of old packages alone

    machine = lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=256 << 20)
    try:
        for chunk in chunks:
            data = chunk
            while not machine.eof and (data or not machine.needs_input):
                yield machine.decompress(data, _CHUNK)
                data = b""
    except lzma.LZMAError as error:
        raise MalformedError(f"its payload is damaged: {error}", where) from error


def _take(stream: ByteStream, size: int, where: str) -> bytes:
    data = stream.read(size) if size else b""
    if len(data) < size:
        raise MalformedError("its payload is cut short", where)
    return data


def _hex(data: bytes, where: str) -> int:
    try:
        return int(data, 16)
    except ValueError:
        raise MalformedError("a member with fields that are no numbers", where) from None


class Content(io.RawIOBase):
    """The content of one member, hashed on the way."""

    def __init__(self, stream: ByteStream, size: int, hash_name: str, where: str) -> None:
        self._stream, self._left, self._where = stream, size, where
        self.hasher = hashlib.new(hash_name, usedforsecurity=False)

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        data = _take(self._stream, wanted, self._where)
        self._left -= len(data)
        self.hasher.update(data)
        return data

    def drain(self) -> None:
        while self.read(_CHUNK):
            pass
