"""Alpine's packages and indexes of version 2: gzip members, each a piece of a tar.

https://wiki.alpinelinux.org/wiki/Apk_spec: a signature, then what it signs; in a package then its
files. Relations: `name>=1 so:libx.so.1 !other name~1.2`.
"""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
import zlib
from base64 import b64encode
from collections.abc import Iterator
from functools import partial
from typing import IO, BinaryIO

from msgspec import Struct

from pratique.codecs.deb import Inflated, tar_errors
from pratique.codecs.debrelation import Relation
from pratique.errors import LimitExceeded, MalformedError

_CHUNK = 1 << 18
_LARGEST = 64 << 20  # of signatures and control parts; real ones are below 1 MiB
_LARGEST_INDEX = 512 << 20
_RELATION = re.compile(r"!?([^\s<>=~@!]+)(?:@\S+?)?(?:([<>=~]{1,2})(\S+))?")
_SIGNS = {"<": "<<", ">": ">>", "=<": "<=", "=>": ">=", "~=": "~", "=~": "~"}


class Signature(Struct, frozen=True):
    """A signature by RSA, PKCS #1 v1.5."""

    key: str
    """The name of the file that the public key is in."""
    algorithm: str
    """sha1, sha256 or sha512."""
    value: bytes


class Apk(Struct, frozen=True):
    """A package apart from its files."""

    info: dict[str, list[str]]
    """The lines of .PKGINFO by their names."""
    scripts: dict[str, bytes]
    """By their names, without the dot before them."""
    checksum: str
    """Of the control part, as an index writes it."""
    start: int
    """Where the part with the files begins."""


def relation(word: str) -> Relation:
    """Return a relation; raise ValueError for what is none. That it is excluded is not said."""
    match = _RELATION.fullmatch(word)
    if not match:
        raise ValueError(f"{word[:80]!r} is no relation")
    sign = match[2] or ""
    if sign == "><":  # a certain build, by its checksum
        return Relation(match[1])
    return Relation(match[1], "", _SIGNS.get(sign, sign), match[3] or "")


def signed_index(data: bytes, where: str) -> tuple[list[Signature], bytes, bytes]:
    """Return the signatures of an index, what they sign, and the list of packages in it."""
    members = _members(io.BytesIO(data), where, 2, len(data))
    if len(members) < 2:
        raise MalformedError("the index is not signed", where)
    (start, end), (second, _) = members[0], members[1]
    signatures = _signatures(_unpacked(data[start:end], where), where)
    signed = data[second:]
    files = _files(_unpacked(signed, where, _LARGEST_INDEX), where)
    if "APKINDEX" not in files:
        raise MalformedError("no APKINDEX: this is no index of packages", where)
    return signatures, signed, files["APKINDEX"]


def entries(index: bytes) -> Iterator[list[str]]:
    """Yield the lines of each package of an index, or of the database of those installed."""
    for block in index.decode("utf-8", "surrogateescape").replace("\r", "").split("\n\n"):
        if lines := [line for line in block.split("\n") if line]:
            yield lines


def read(file: BinaryIO, where: str) -> Apk:
    """Return a package whose files are what its control part says; MalformedError for others."""
    size = file.seek(0, io.SEEK_END)
    members = _members(file, where, 3, size)
    if len(members) < 3:
        raise MalformedError("this is no package of version 2", where)
    (start, end), (begin, _) = members[1], members[2]
    file.seek(start)
    control = file.read(end - start)
    files = _files(_unpacked(control, where), where)
    info = _info(files.get(".PKGINFO", b""))
    stated = info.get("datahash", [""])[0]
    if stated != _sha256(file, begin):
        raise MalformedError("its files are not those that it was signed with", where)
    scripts = {
        name[1:]: data for name, data in files.items() if name[:1] == "." and "INFO" not in name
    }
    return Apk(info, scripts, checksum(control), begin)


def data(
    file: BinaryIO, apk: Apk, where: str
) -> Iterator[tuple[tarfile.TarInfo, IO[bytes] | None]]:
    """Yield the files of a package, in their order."""
    file.seek(apk.start)
    stream = Inflated(iter(partial(file.read, _CHUNK), b""), where)
    with tar_errors(where), tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            yield member, archive.extractfile(member) if member.isreg() else None


def checksum(content: bytes) -> str:
    """Return SHA-1 as Alpine writes it."""
    return "Q1" + b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()


def _members(file: BinaryIO, where: str, most: int, size: int) -> list[tuple[int, int]]:
    """Return where gzip members begin and end; of the last that is asked for, the file's end."""
    found: list[tuple[int, int]] = []
    at = 0
    while at < size and len(found) < most - 1:
        end = _end(file, at, where)
        found.append((at, end))
        at = end
    return [*found, (at, size)] if at < size else found


def _end(file: BinaryIO, start: int, where: str) -> int:
    machine = zlib.decompressobj(31)
    file.seek(start)
    at = start
    try:
        while not machine.eof:
            chunk = file.read(_CHUNK)
            if not chunk:
                raise MalformedError("ends within a gzip member", where)
            at += len(chunk)
            if at - start > _LARGEST:
                raise LimitExceeded(f"{where}: its control part has more than {_LARGEST} bytes")
            _drain(machine, chunk)
    except zlib.error as error:
        raise MalformedError(f"no gzip: {error}", where) from None
    return at - len(machine.unused_data)


def _drain(machine: zlib._Decompress, chunk: bytes) -> None:
    machine.decompress(chunk, _CHUNK)
    while machine.unconsumed_tail and not machine.eof:
        machine.decompress(machine.unconsumed_tail, _CHUNK)


def _unpacked(packed: bytes, where: str, limit: int = _LARGEST) -> bytes:
    machine = zlib.decompressobj(31)
    try:
        plain = machine.decompress(packed, limit)
    except zlib.error as error:
        raise MalformedError(f"no gzip: {error}", where) from None
    if machine.unconsumed_tail:
        raise LimitExceeded(f"{where}: inflates to more than {limit} bytes")
    if not machine.eof or machine.unused_data:
        raise MalformedError("is cut short, or has something behind it", where)
    return plain


def _files(plain: bytes, where: str) -> dict[str, bytes]:
    found = {}
    # pieces of a tar lack the blocks that end one
    with tar_errors(where), tarfile.open(fileobj=io.BytesIO(plain + bytes(1024))) as archive:
        for member in archive:
            if content := archive.extractfile(member) if member.isreg() else None:
                found[member.name] = content.read()
    return found


def _signatures(plain: bytes, where: str) -> list[Signature]:
    kinds = {"RSA": "sha1", "RSA256": "sha256", "RSA512": "sha512"}
    found = []
    for name, value in _files(plain, where).items():
        match = re.fullmatch(r"\.SIGN\.(RSA(?:256|512)?)\.([^/]+)", name)
        if match:
            found.append(Signature(match[2], kinds[match[1]], value))
    return found


def _info(text: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.decode("utf-8", "replace").splitlines():
        name, equals, value = line.partition(" = ")
        if equals and not name.startswith("#"):
            found.setdefault(name.strip(), []).append(value.strip())
    return found


def _sha256(file: BinaryIO, start: int) -> str:
    hasher = hashlib.sha256()
    file.seek(start)
    while chunk := file.read(_CHUNK):
        hasher.update(chunk)
    return hasher.hexdigest()
