"""A database in an OCI layout: a folder, or a tar that holds one.

https://github.com/opencontainers/image-spec/blob/main/image-layout.md
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from msgspec import Struct

from pratique.artifacts.manifest import digest_in
from pratique.codecs import oci, reference, tar
from pratique.codecs.bytestream import ByteStream
from pratique.errors import DigestMismatch, MalformedError, NotFound, PratiqueError

INDEX, VERSION = "index.json", "oci-layout"
REF = "org.opencontainers.image.ref.name"
BLOBS = "blobs/sha256/"
_DOCUMENT = 8 << 20
_CHUNK = 1 << 20
_MOST = 100_000  # members of a tar
_FOLDERS = ("blobs", "blobs/sha256", ".")


class Files(Protocol):
    """Files by their names in the layout."""

    def size(self, name: str) -> int:
        """Return bytes; raise NotFound."""

    def chunks(self, name: str, start: int) -> Iterator[bytes]:
        """Yield a file from a position on."""

    def close(self) -> None:
        """Let go of what is open."""


class Layout:
    """A database in an OCI layout; satisfies Repository."""

    is_local = True

    def __init__(self, name: str, files: Files, tag: str = "") -> None:
        self.name = name
        self._files = files
        self._tag = tag

    def manifest(self, tag: str = "") -> tuple[bytes, str]:
        index = oci.read_index(self._document(INDEX), f"{self.name}: {INDEX}")
        named = {entry.annotations.get(REF, ""): entry for entry in index.manifests}
        if tag := tag or self._tag:
            found = named.get(tag)
        else:
            rest = [entry for name, entry in named.items() if not name.endswith(".sig")]
            found = rest[0] if len(rest) == 1 else None
        if found is None:
            there = ", ".join(sorted(filter(None, named)))[:200] or "nothing with a tag"
            raise NotFound(f"{self.name}: {tag or 'a single database'} is not there, but {there}")
        data = self._document(_blob(found.digest, self.name))
        if digest_in(data) != found.digest:
            raise DigestMismatch(f"{self.name}: the manifest is not {found.digest}")
        return data, found.digest

    def named(self) -> set[str]:
        """Return the digests of the manifests of the index, and of what those name."""
        found: set[str] = set()
        for entry in oci.read_index(self._document(INDEX), self.name).manifests:
            document = oci.read(self._document(_blob(entry.digest, self.name)), self.name)
            found.add(entry.digest)
            if isinstance(document, oci.Manifest):
                found |= {blob.digest for blob in (document.config, *document.layers)}
        return found

    def blob(self, digest: str, size: int, start: int = 0) -> Iterator[bytes]:
        name = _blob(digest, self.name)
        there = self._files.size(name)
        if there != size:
            raise DigestMismatch(f"{self.name}: {name} has {there:,} bytes instead of {size:,}")
        return self._files.chunks(name, start)

    def close(self) -> None:
        self._files.close()

    def _document(self, name: str) -> bytes:
        if self._files.size(name) > _DOCUMENT:
            raise MalformedError(f"{name} has more than {_DOCUMENT} bytes", self.name)
        return b"".join(self._files.chunks(name, 0))


def _blob(digest: str, where: str) -> str:
    if not reference.is_digest(digest) or not digest.startswith("sha256:"):
        raise MalformedError(f"{digest[:80]!r} is no digest of SHA-256", where)
    return BLOBS + digest[7:]


class Directory:
    """The files of a folder."""

    def __init__(self, path: str) -> None:
        self._path = path

    def size(self, name: str) -> int:
        path = os.path.join(self._path, name)
        if not os.path.isfile(path):
            raise NotFound(f"{path}: no such file")
        return os.path.getsize(path)

    def chunks(self, name: str, start: int) -> Iterator[bytes]:
        path = os.path.join(self._path, name)
        try:
            with open(path, "rb") as file:
                file.seek(start)
                while chunk := file.read(_CHUNK):
                    yield chunk
        except OSError as error:
            raise NotFound(f"{path}: {error.strerror}") from error

    def close(self) -> None:
        return


class _Member(Struct, frozen=True, gc=False):
    offset: int
    size: int


class Tar:
    """The files of a tar: those of a layout and no others, each once, none of them a link."""

    def __init__(self, path: str) -> None:
        """Read its headers; raise MalformedError, or NotFound where it cannot be opened."""
        self._path = path
        try:
            self._file = open(path, "rb")  # noqa: SIM115 - closed by close()
        except OSError as error:
            raise NotFound(f"{path}: {error.strerror}") from error
        self._members: dict[str, _Member] = {}
        try:
            self._find()
        except (PratiqueError, OSError):
            self._file.close()
            raise

    def size(self, name: str) -> int:
        return self._member(name).size

    def chunks(self, name: str, start: int) -> Iterator[bytes]:
        member = self._member(name)
        at, end = member.offset + start, member.offset + member.size
        while at < end:
            chunk = os.pread(self._file.fileno(), min(_CHUNK, end - at), at)
            if not chunk:
                raise MalformedError(f"{name} is cut short", self._path)
            yield chunk
            at += len(chunk)

    def blobs(self) -> set[str]:
        """Return the digests of the blobs that are in it."""
        return {"sha256:" + name.removeprefix(BLOBS) for name in self._members if BLOBS in name}

    def close(self) -> None:
        self._file.close()

    def _member(self, name: str) -> _Member:
        if name not in self._members:
            raise NotFound(f"{self._path}: {name} is missing")
        return self._members[name]

    def _find(self) -> None:
        stream = ByteStream(_pieces(self._file), self._path)
        for count, member in enumerate(tar.walk(stream)):
            if count > _MOST:
                raise MalformedError(f"has more than {_MOST} members", self._path)
            name = member.name.decode("utf-8", "replace").removeprefix("./").rstrip("/")
            if member.kind == "directory" and name in ("", *_FOLDERS):
                continue
            if member.kind != "file" or member.holes or not _is_of_layout(name):
                raise MalformedError(f"has {name[:120]!r}, which is of no OCI layout", self._path)
            if name in self._members:
                raise MalformedError(f"has {name!r} twice", self._path)
            self._members[name] = _Member(stream.offset, member.stored)
        if not self._members:
            raise MalformedError("is no tar of an OCI layout", self._path)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(_CHUNK), b"")


def _is_of_layout(name: str) -> bool:
    is_blob = name.startswith(BLOBS) and reference.is_digest("sha256:" + name.removeprefix(BLOBS))
    return is_blob or name in (INDEX, VERSION)
