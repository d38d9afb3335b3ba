"""An image in a file or folder: `docker save`, an OCI layout, or an OCI layout in a tar."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from msgspec import Struct
from msgspec.structs import replace

from pratique.codecs import docker_archive, oci, tar
from pratique.codecs.bytestream import ByteStream
from pratique.codecs.compression import compression, inflate
from pratique.errors import DigestMismatch, LimitExceeded, MalformedError, NotFound
from pratique.model.image import Image, Layer

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK = 1 << 20
_DOCUMENT_LIMIT = 16 << 20  # a manifest or a configuration; real ones are below 100 KiB
_MEMBER_LIMIT = 1_000_000


_NEITHER = "neither a docker archive (manifest.json) nor an OCI layout (index.json)"


class Folder(Protocol):
    """Files by name: a directory, or the members of a tar."""

    def __contains__(self, name: str) -> bool: ...

    def size(self, name: str) -> int: ...

    def chunks(self, name: str) -> Iterator[bytes]: ...


class Archive:
    """The images of a docker archive, an OCI archive or an OCI layout (a directory)."""

    def __init__(
        self, path: str, *, file: BinaryIO | None = None, digests: tuple[str, ...] = ()
    ) -> None:
        """Open it: a path, or a file that is open already and only called so.

        Raises NotFound where there is no such file, MalformedError where it is no archive.
        """
        self._path = path
        self._digests = digests
        if file is None and not os.path.exists(path):
            raise NotFound(f"{path}: no such file or directory")
        is_folder = file is None and os.path.isdir(path)
        self._folder: Folder = Directory(path) if is_folder else TarFile(path, file)
        self.notes: tuple[str, ...] = ()
        """What whoever reads a report of this archive should know of the archive."""

    def close(self) -> None:
        if isinstance(self._folder, TarFile):
            self._folder.close()

    def images(self, platform: str) -> tuple[Image, ...]:
        if "manifest.json" in self._folder:
            return (self._docker(),)
        if "index.json" in self._folder:
            return self._layout(platform)
        if "repositories" in self._folder:
            raise MalformedError(
                "an archive of Docker before 1.10", self._path, "save it again with a newer engine"
            )
        raise MalformedError(_NEITHER, self._path)

    def open(self, layer: Layer) -> Iterator[bytes]:
        if layer.locator not in self._folder:  # foreign: its blob is somewhere else
            raise NotFound(f"{self._path} does not hold it: it is kept at {', '.join(layer.urls)}")
        chunks = self._folder.chunks(layer.locator)
        return _verified(chunks, layer.digest, self._path) if layer.digest else chunks

    def _docker(self) -> Image:
        saved = docker_archive.read(self._read("manifest.json"), self._path)
        if len(saved) > 1:
            others = ", ".join(tag for entry in saved[1:] for tag in entry.tags) or "untagged ones"
            self.notes = (f"{self._path} holds {len(saved)} images; not scanned: {others}",)
        config = self._read(saved[0].config)
        if stated := docker_archive.digest_in(saved[0].config):
            _check(config, stated, f"{self._path}: configuration {saved[0].config}")
        image = docker_archive.assemble(self._path, saved[0], config, self._path)
        layers = tuple(self._sized(layer) for layer in image.layers)
        size = sum(layer.size for layer in layers)
        return replace(image, layers=layers, size=size, digests=self._digests)

    def _sized(self, layer: Layer) -> Layer:
        if layer.locator not in self._folder:
            raise MalformedError(f"layer {layer.locator} is missing", self._path)
        return replace(layer, size=self._folder.size(layer.locator))

    def _layout(self, platform: str) -> tuple[Image, ...]:
        index = oci.read_index(self._read("index.json"), self._path)
        images = [self._image(entry) for entry in self._manifests(index, platform, depth=4)]
        return oci.matching(tuple(images), platform, self._path)

    def _manifests(self, index: oci.Index, platform: str, depth: int) -> Iterator[oci.Descriptor]:
        """Follow indexes of indexes, as BuildKit writes them, down to manifests."""
        for descriptor in oci.choose(index, platform, self._path):
            if not oci.is_index(descriptor.media_type):
                yield descriptor
            elif depth == 0:
                raise MalformedError("indexes are nested too deeply", self._path)
            else:
                inner = oci.read_index(self._blob(descriptor.digest), self._path)
                yield from self._manifests(inner, platform, depth - 1)

    def _image(self, descriptor: oci.Descriptor) -> Image:
        manifest = oci.read_manifest(self._blob(descriptor.digest), self._path)
        config = self._blob(manifest.config.digest)
        image = oci.assemble(self._path, manifest, config, self._path, tags=_tags(descriptor))
        layers = []
        for layer in image.layers:
            locator = _blob_name(layer.digest, self._path)
            if locator not in self._folder and not layer.urls:
                raise MalformedError(f"layer {layer.digest} is missing", self._path)
            layers.append(replace(layer, locator=locator))
        return replace(image, layers=tuple(layers))

    def _blob(self, digest: str) -> bytes:
        data = self._read(_blob_name(digest, self._path))
        _check(data, digest, f"{self._path}: blob {digest}")
        return data

    def _read(self, name: str) -> bytes:
        if name not in self._folder:
            raise MalformedError(f"{name} is missing", self._path)
        if self._folder.size(name) > _DOCUMENT_LIMIT:
            raise LimitExceeded(f"{self._path}: {name} has {self._folder.size(name)} bytes")
        return b"".join(self._folder.chunks(name))


class Directory:
    """The files below a directory; a symbolic link out of it is not followed."""

    def __init__(self, path: str) -> None:
        self._root = os.path.realpath(path)

    def __contains__(self, name: str) -> bool:
        return os.path.isfile(self._inside(name))

    def size(self, name: str) -> int:
        return os.path.getsize(self._inside(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        try:
            with open(self._inside(name), "rb") as file:
                while chunk := file.read(_CHUNK):
                    yield chunk
        except OSError as error:
            raise NotFound(f"{self._root}/{name}: {error.strerror}") from error

    def _inside(self, name: str) -> str:
        path = os.path.realpath(os.path.join(self._root, name))
        if not path.startswith(self._root + os.sep):
            raise MalformedError(f"{name} points outside", self._root)
        return path


class _Place(Struct, frozen=True, gc=False):
    offset: int
    size: int


class TarFile:
    """The members of a tar on disk, found by one pass over its headers; gzip is unpacked first."""

    def __init__(self, path: str, file: BinaryIO | None = None) -> None:
        self._path = path
        try:
            self._file = os.dup(file.fileno()) if file else os.open(path, os.O_RDONLY)
            if file:
                file.close()
            self._plain()
        except OSError as error:
            raise NotFound(f"{path}: {error.strerror}") from error
        self._places = self._find()

    def close(self) -> None:
        os.close(self._file)

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def size(self, name: str) -> int:
        return self._places[name].size

    def chunks(self, name: str) -> Iterator[bytes]:
        place = self._places[name]
        return _Region(self._file, place.offset, place.size, f"{self._path}: {name}")

    def _plain(self) -> None:
        """Replace a compressed file by an unpacked, unnamed one."""
        if not compression(os.pread(self._file, 8, 0)):
            return
        import tempfile  # noqa: PLC0415 - 12 ms, and few archives are compressed as a whole

        with open(self._file, "rb") as packed, tempfile.TemporaryFile() as plain:
            for piece in inflate(iter(lambda: packed.read(_CHUNK), b""), self._path):
                plain.write(piece)
            plain.flush()
            self._file = os.dup(plain.fileno())

    def _find(self) -> dict[str, _Place]:
        stream = _Seekable(self._file, self._path)
        places: dict[str, _Place] = {}
        links: dict[str, str] = {}
        for count, member in enumerate(_members(stream)):
            if count > _MEMBER_LIMIT:
                raise LimitExceeded(f"{self._path}: more than {_MEMBER_LIMIT} members")
            name = os.path.normpath(member.name.decode("utf-8", "replace"))
            if member.kind == "file":
                places[name] = _Place(stream.offset, member.stored)
            elif member.kind in ("symlink", "hardlink"):
                target = member.link.decode("utf-8", "replace")
                folder = os.path.dirname(name) if member.kind == "symlink" else ""
                links[name] = os.path.normpath(os.path.join(folder, target))
        # docker save before version 25 links equal layers to each other
        return places | {n: places[target] for n, target in links.items() if target in places}


def _members(stream: ByteStream) -> Iterator[tar.Member]:
    """Walk an archive; a file that does not even begin as a tar is said to be none."""
    begun = False
    try:
        for member in tar.walk(stream):
            begun = True
            yield member
    except MalformedError:
        if begun:
            raise
        raise MalformedError(_NEITHER, stream.where) from None


class _Region:
    """A stretch of a file, in chunks; satisfies Sectioned."""

    def __init__(self, file: int, start: int, size: int, where: str) -> None:
        self._file = file
        self._start = start
        self._at = start
        self._end = start + size
        self._where = where

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._at >= self._end:
            raise StopIteration
        chunk = os.pread(self._file, min(_CHUNK, self._end - self._at), self._at)
        if not chunk:
            raise MalformedError("ends early: the archive is cut short", self._where)
        self._at += len(chunk)
        return chunk

    def section(self, offset: int, size: int) -> BinaryIO:
        raw = _Section(self._file, self._start + offset, size)
        return cast("BinaryIO", io.BufferedReader(raw))


class _Section(io.RawIOBase):
    """A stretch of a file that reads by position: several threads share the file."""

    def __init__(self, file: int, start: int, size: int) -> None:
        super().__init__()
        self._file = file
        self._start = start
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)[: max(0, self._size - self._at)]
        data = os.pread(self._file, len(view), self._start + self._at)
        view[: len(data)] = data
        self._at += len(data)
        return len(data)


class _Seekable(ByteStream):
    """A stream over a file that passes over what nobody reads without reading it."""

    def __init__(self, file: int, path: str) -> None:
        self._file = file
        self._next = 0
        self._end = os.fstat(file).st_size
        super().__init__(self._read_on(), path)

    def _read_on(self) -> Iterator[bytes]:
        while chunk := os.pread(self._file, 4096, self._next):
            self._next += len(chunk)
            yield chunk

    def skip(self, size: int) -> None:
        target = self.offset + size
        if target > self._end:
            raise MalformedError(
                f"is cut short: {target - self._end} bytes are missing", self.where
            )
        if target > self._next:
            self.passed, self.chunk, self.at, self._next = target, b"", 0, target
        else:
            super().skip(size)


def _tags(descriptor: oci.Descriptor) -> tuple[str, ...]:
    """Return the name of an image in a layout (image-spec, annotations.md), where it has one."""
    name = descriptor.annotations.get("io.containerd.image.name") or descriptor.annotations.get(
        "org.opencontainers.image.ref.name"
    )
    return (name,) if name else ()


def _verified(chunks: Iterator[bytes], digest: str, where: str) -> Iterator[bytes]:
    found = hashlib.sha256()
    for chunk in chunks:
        found.update(chunk)
        yield chunk
    _compare(found.hexdigest(), digest, f"{where}: blob {digest}")


def _check(data: bytes, digest: str, what: str) -> None:
    _compare(hashlib.sha256(data).hexdigest(), digest, what)


def _compare(found: str, digest: str, what: str) -> None:
    if f"sha256:{found}" != digest:
        raise DigestMismatch(f"{what}: its content has the digest sha256:{found}")


def _blob_name(digest: str, where: str) -> str:
    algorithm, _, value = digest.partition(":")
    if algorithm != "sha256" or len(value) != 64 or not value.isalnum():
        raise MalformedError(f"unknown digest {digest!r}", where)
    return f"blobs/sha256/{value}"
