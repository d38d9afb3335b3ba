"""Read many files of an image in one go: archives into files of their own, small ones into one."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from contextlib import suppress
from zipfile import ZipFile

from pratique.codecs.bytestream import ByteStream
from pratique.codecs.compression import inflate
from pratique.codecs.tar import content, walk
from pratique.model.image import Image
from pratique.model.source import Source
from pratique.patch.root import Root

ARCHIVES = (".jar", ".war", ".ear", ".par", ".sar", ".hpi", ".jpi")
_SMALL = (".py", ".class")
_LARGEST_SMALL, _LARGEST, _LARGEST_ALL = 4 << 20, 1 << 30, 4 << 30


class ImageFiles:
    """What languages load: archives of Java, classes, modules of Python.

    Nothing is read until it is asked for. What is a hard link or too large is not among them.
    """

    def __init__(self, image: Image, source: Source, root: Root, folder: str) -> None:
        self._image, self._source, self._root, self._folder = image, source, root, folder
        self._archives: dict[str, str] | None = None
        self._small: ZipFile | None = None
        self.unread = ""
        """What was too much to read, and is not looked at."""

    @property
    def archives(self) -> dict[str, str]:
        """Where each archive is, by its path in the image."""
        if self._archives is None:
            self._archives = self._take()
        return self._archives

    @property
    def small(self) -> ZipFile:
        """The small ones by their paths in the image."""
        assert self.archives is not None
        assert self._small
        return self._small

    @property
    def untaken(self) -> list[str]:
        """The archives of the image that could not be read."""
        every = (path for path, node in self._root.nodes.items()
                 if node.kind != "directory" and path.lower().endswith(ARCHIVES))  # fmt: skip
        return sorted(path for path in every if path not in self.archives)

    def close(self) -> None:
        if self._small:
            self._small.close()

    def _take(self) -> dict[str, str]:
        small = os.path.join(self._folder, "small.zip")
        with ZipFile(small, "w") as file:
            found = dict(self._read(file))
        self._small = ZipFile(small)
        return found

    def _read(self, small: ZipFile) -> Iterator[tuple[str, str]]:
        """Write small files into one, others apart; yield where these are."""
        wanted = {path for path, node in self._root.nodes.items() if node.kind == "file"
                  and node.size <= _largest(path)}  # fmt: skip
        if sum(self._root.nodes[path].size for path in wanted) > _LARGEST_ALL:
            self.unread = f"archives and modules of over {_LARGEST_ALL >> 30} GiB were not read"
            return
        for number, (path, pieces) in enumerate(_files(self._image, self._source, wanted)):
            if path.endswith(_SMALL):
                with suppress(UnicodeError):  # a name that no archive can have is imported by none
                    small.writestr(path, b"".join(pieces))
                continue
            place = os.path.join(self._folder, f"{number}.archive")
            with open(place, "wb") as file:
                file.writelines(pieces)
            yield path, place


def _largest(path: str) -> int:
    """Return how large a file may be that is wanted; what is not wanted may have no size."""
    if path.endswith(_SMALL):
        return _LARGEST_SMALL
    return _LARGEST if path.lower().endswith(ARCHIVES) else -1


def _files(image: Image, source: Source, wanted: set[str]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield files that are seen with their content, which is to be read at once."""
    for layer in reversed(image.layers):
        if not wanted:
            return
        stream = ByteStream(inflate(iter(source.open(layer)), layer.diff_id), layer.diff_id)
        here = set[str]()
        for member in walk(stream):
            path = member.name.decode("utf-8", "surrogateescape")
            path = posixpath.normpath(f"/{path}").lstrip("/")
            if member.kind == "file" and path in wanted:
                yield path, content(stream, member)
                here.add(path)
        stream.drain()
        wanted = wanted - here
