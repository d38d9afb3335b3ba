"""Write one layer on top of an image: entries, the folders that they are in, whiteouts."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, BinaryIO, Self

from msgspec import Struct

from pratique.model.image import Digest
from pratique.patch.root import Node, Root

MEDIA_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip"


class Written(Struct, frozen=True):
    """A layer in a file."""

    path: str
    diff_id: Digest
    digest: Digest
    size: int
    """Bytes, compressed."""
    unpacked: int
    """Bytes of the files in it."""
    removed: tuple[str, ...] = ()
    """Paths of the image that it takes away."""


class LayerWriter:
    """Takes entries in any order; folders of the image that they are in come before them."""

    def __init__(self, path: str, root: Root, now: int) -> None:
        self.root = root
        self.now = now
        self.written: dict[str, str] = {}
        """Paths that are in the layer, and whether each is a directory, file, link or whiteout."""
        self.size = 0
        self._path = path
        self._packed = _Packed(open(path, "wb"))  # noqa: SIM115 - closed by `close`
        target: Any = self._packed  # its stub asks for a whole file object, it calls `write` alone
        self._tar = tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115

    def is_folder(self, path: str) -> bool:
        """Tell whether a real folder is at a path, in the image or in the layer."""
        if path in self.written:
            return self.written[path] == "directory"
        node = self.root.nodes.get(path)
        return node is not None and node.kind == "directory"

    def put(self, info: tarfile.TarInfo, content: IO[bytes] | None = None) -> None:
        """Write an entry, whose name is its real path."""
        self._parents(info.name)
        info.uname = info.gname = ""
        info.mtime = int(info.mtime)
        info.pax_headers = {
            name: value for name, value in info.pax_headers.items()
            if name.startswith("SCHILY.xattr.")
        }  # fmt: skip
        self._tar.addfile(info, content)
        self.written[info.name] = "directory" if info.isdir() else "file"
        self.size += info.size

    def write(self, path: str, data: bytes, mode: int = 0o644) -> None:
        """Write a file of the package database; one that was there keeps its mode and owner."""
        real = self.root.resolve(path)
        node = self.root.nodes.get(real)
        info = _info(real, node or Node("file", mode, 0, 0, 0))
        info.type, info.size, info.mtime = tarfile.REGTYPE, len(data), self.now
        self.put(info, io.BytesIO(data))

    def remove(self, path: str) -> None:
        """Take away what the image has at a real path (image-spec, layer.md, whiteouts)."""
        folder, _, name = path.rpartition("/")
        self._parents(path)
        info = tarfile.TarInfo(f"{folder}/.wh.{name}".lstrip("/"))
        info.mode, info.mtime = 0o644, self.now
        self._tar.addfile(info, io.BytesIO(b""))
        self.written[path] = "whiteout"

    def close(self) -> Written:
        """Return the layer, which is whole now."""
        self._tar.close()
        diff_id, digest, size = self._packed.finish()
        removed = tuple(path for path, kind in self.written.items() if kind == "whiteout")
        return Written(self._path, Digest(diff_id), Digest(digest), size, self.size, removed)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        """Close the file, also where something was raised and the layer is not whole."""
        setattr(self._tar.fileobj, "closed", True)  # noqa: B010 - its end is not to be written then
        self._packed.file.close()

    def _parents(self, path: str) -> None:
        """Repeat the folders of the image as they are: else they would get other modes."""
        parts = path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            folder = "/".join(parts[:depth])
            if folder not in self.written:
                node = self.root.nodes.get(folder) or Node("directory", 0o755, 0, 0, self.now)
                info = _info(folder, node)
                info.type = tarfile.DIRTYPE
                self._tar.addfile(info)
                self.written[folder] = "directory"


def packed(chunks: Iterator[bytes], path: str) -> Written:
    """Write a layer that is there already, as it is, compressed to a file."""
    target = _Packed(open(path, "wb"))  # noqa: SIM115 - closed by `finish`
    size = sum(map(target.write, chunks))
    diff_id, digest, stored = target.finish()
    return Written(path, Digest(diff_id), Digest(digest), stored, size)


def _info(path: str, node: Node) -> tarfile.TarInfo:
    info = tarfile.TarInfo(path)
    info.mode, info.uid, info.gid, info.mtime = node.mode, node.uid, node.gid, node.mtime
    return info


class _Packed:
    """A file that is compressed and hashed on the way, the same bytes each time."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self._plain, self._stored = hashlib.sha256(), hashlib.sha256()
        self._size = 0
        self._machine = zlib.compressobj(6, zlib.DEFLATED, -15)
        self._sum, self._length = 0, 0
        self._store(b"\x1f\x8b\x08\0\0\0\0\0\0\xff")  # RFC 1952, without a time

    def write(self, data: bytes) -> int:
        self._plain.update(data)
        self._sum = zlib.crc32(data, self._sum)
        self._length += len(data)
        self._store(self._machine.compress(data))
        return len(data)

    def finish(self) -> tuple[str, str, int]:
        self._store(self._machine.flush())
        ending = (self._sum, self._length & 0xFFFFFFFF)
        self._store(b"".join(number.to_bytes(4, "little") for number in ending))
        self.file.close()
        plain, stored = self._plain.hexdigest(), self._stored.hexdigest()
        return f"sha256:{plain}", f"sha256:{stored}", self._size

    def _store(self, data: bytes) -> None:
        self._stored.update(data)
        self._size += len(data)
        self.file.write(data)
