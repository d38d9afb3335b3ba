"""Read a Debian package, deb(5): an ar of `debian-binary`, `control.tar.*` and `data.tar.*`."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from msgspec import Struct

from pratique.codecs.compression import inflate
from pratique.codecs.debcontrol import paragraph
from pratique.errors import LimitExceeded, MalformedError

_MAGIC = b"!<arch>\n"
_HEADER = 60
_CHUNK = 1 << 20
_LARGEST_CONTROL = 32 << 20  # real ones are below 1 MiB


class Deb(Struct, frozen=True):
    """What a package says of itself."""

    fields: dict[str, str]
    """Of its control file, in their order."""
    control: dict[str, bytes]
    """The other files beside it: scripts, md5sums, conffiles, triggers …"""


def read(file: BinaryIO, where: str) -> Deb:
    """Return the control part of a package; raise MalformedError for what is none."""
    parts = _parts(file, where)
    name = next((name for name in parts if name.startswith("control.tar")), "")
    if not name:
        raise MalformedError("no control.tar: this is no Debian package", where)
    start, size = parts[name]
    files: dict[str, bytes] = {}
    total = 0
    for info, content in _members(file, start, size, f"{where}: {name}"):
        if content is not None:
            total += info.size
            if total > _LARGEST_CONTROL:
                raise LimitExceeded(f"{where}: {name} has more than {_LARGEST_CONTROL} bytes")
            files[info.name.removeprefix("./")] = content.read()
    if "control" not in files:
        raise MalformedError(f"{name} has no control file", where)
    fields = paragraph(files.pop("control").decode("utf-8", "replace"))
    return Deb(fields, {name: data for name, data in files.items() if "/" not in name})


def data(file: BinaryIO, where: str) -> Iterator[tuple[tarfile.TarInfo, IO[bytes] | None]]:
    """Yield the members of the data part, files with their content, in their order."""
    parts = _parts(file, where)
    name = next((name for name in parts if name.startswith("data.tar")), "")
    if not name:
        raise MalformedError("no data.tar: this is no Debian package", where)
    yield from _members(file, *parts[name], f"{where}: {name}")


def _parts(file: BinaryIO, where: str) -> dict[str, tuple[int, int]]:
    """Return offset and size of each member of the ar."""
    file.seek(0)
    if file.read(len(_MAGIC)) != _MAGIC:
        raise MalformedError("no ar archive: this is no Debian package", where)
    parts: dict[str, tuple[int, int]] = {}
    at, end = len(_MAGIC), file.seek(0, io.SEEK_END)
    while at + _HEADER <= end and len(parts) < 16:
        file.seek(at)
        header = file.read(_HEADER)
        size = header[48:58].strip()
        if header[58:60] != b"`\n" or not size.isdigit() or at + _HEADER + int(size) > end:
            raise MalformedError(f"a broken ar header at byte {at}", where)
        name = header[:16].decode("ascii", "replace").strip().rstrip("/")
        parts[name] = (at + _HEADER, int(size))
        at += _HEADER + int(size) + int(size) % 2
    return parts


def _members(
    file: BinaryIO, start: int, size: int, where: str
) -> Iterator[tuple[tarfile.TarInfo, IO[bytes] | None]]:
    stream = Inflated(_region(file, start, size), where)
    with tar_errors(where), tarfile.open(fileobj=stream, mode="r|") as archive:
        for info in archive:
            yield info, archive.extractfile(info) if info.isreg() else None


@contextmanager
def tar_errors(where: str) -> Iterator[None]:
    """Turn what tarfile raises for a broken tar into MalformedError."""
    try:
        yield
    except (tarfile.TarError, EOFError, UnicodeError, ValueError, OverflowError) as error:
        raise MalformedError(f"a broken tar: {error}", where) from error


def _region(file: BinaryIO, start: int, size: int) -> Iterator[bytes]:
    while size > 0:
        file.seek(start)
        chunk = file.read(min(_CHUNK, size))
        if not chunk:
            return
        start, size = start + len(chunk), size - len(chunk)
        yield chunk


class Inflated(io.RawIOBase):
    """An inflated stream as a file that is read forward."""

    def __init__(self, chunks: Iterator[bytes], where: str) -> None:
        super().__init__()
        self._pieces = inflate(chunks, where)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts: list[memoryview] = []
        while size:
            if not self._rest:
                self._rest = memoryview(next(self._pieces, b""))
                if not self._rest:
                    break
            piece = self._rest if size < 0 else self._rest[:size]
            self._rest = self._rest[len(piece) :]
            size -= len(piece) if size > 0 else 0
            parts.append(piece)
        return b"".join(parts)
