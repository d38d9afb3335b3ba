"""Java archives in an image: which are where, what is on one class path, their classes.

A class path is either all the archives that are files of the image, or what one archive holds
(`BOOT-INF/lib` of Spring Boot, `WEB-INF/lib` of a web application).
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from io import BytesIO
from typing import BinaryIO

from msgspec import Struct

from pratique.codecs.classfile import ClassFile, named_packages, read_class
from pratique.codecs.window import Window
from pratique.codecs.zip_directory import STORED, Entry, content, read_directory, stored_content
from pratique.errors import MalformedError
from pratique.model.inventory import Inventory, Package
from pratique.patch.imagefiles import ARCHIVES

FOLDERS = ("BOOT-INF/lib/", "WEB-INF/lib/", "WEB-INF/lib-provided/")
"""Where an archive has those that are on its class path."""
_OWN = ("BOOT-INF/classes/", "WEB-INF/classes/")
_VARIANT = re.compile(r"META-INF/versions/\d+/")
_SIGNATURE = re.compile(r"META-INF/[^/]+\.(?:SF|RSA|DSA|EC)", re.IGNORECASE)
_DIRECTORY = 64 << 20
_LARGEST_CLASS, _LARGEST_ARCHIVE = 16 << 20, 512 << 20
_CHUNK = 1 << 20


class Place(Struct, frozen=True, order=True):
    """Where an archive is."""

    path: str
    """A file of the image."""
    inner: str = ""
    """The entry in it, if it is not the file itself."""

    @property
    def shown(self) -> str:
        return f"/{self.path}/{self.inner}" if self.inner else f"/{self.path}"

    @property
    def home(self) -> str:
        """The class path that it is on: the archive that holds it, or the image itself."""
        return self.path if self.inner else ""

    @property
    def file(self) -> str:
        return posixpath.basename(self.inner or self.path)


class Jar:
    """The directory of an archive and its classes, which are read when they are asked for."""

    def __init__(self, data: Window) -> None:
        """Raise MalformedError for what is no archive."""
        self.data = data
        directory = read_directory(data, _DIRECTORY)
        self.entries = {one.name: one for one in directory.entries((b"",))}
        self.classes = {
            name.removesuffix(".class").removeprefix(_OWN[0]).removeprefix(_OWN[1]): entry
            for name, entry in self.entries.items()
            if name.endswith(".class") and not _VARIANT.match(name)
        }
        self._read: dict[str, ClassFile] = {}
        self._touching: dict[str, set[str]] | None = None

    @property
    def has_path(self) -> bool:
        """Whether it holds a class path of its own."""
        return any(name.startswith(FOLDERS) for name in self.entries)

    @property
    def is_signed(self) -> bool:
        return any(_SIGNATURE.fullmatch(name) for name in self.entries)

    @cached_property
    def major(self) -> int:
        """The newest class file version that it has for every Java."""
        names = [name for name in self.classes if not name.endswith("module-info")]
        heads = (next(content(self.data, self.classes[name]), b"")[6:8] for name in names)
        return max((int.from_bytes(head, "big") for head in heads), default=0)

    @property
    def packages(self) -> set[str]:
        """The packages of its classes."""
        return {name.rpartition("/")[0] for name in self.classes} - {""}

    def sha1(self) -> str:
        """Return the SHA-1 of the archive, in hexadecimal: what repositories state."""
        found = hashlib.sha1()  # noqa: S324
        for at in range(0, self.data.size, _CHUNK):
            found.update(self.data.upto(at, _CHUNK))
        return found.hexdigest()

    def one(self, name: str) -> ClassFile:
        """Return a class; raises MalformedError."""
        if name not in self._read:
            data = self._content(self.classes[name], _LARGEST_CLASS)
            self._read[name] = read_class(data, f"{self.data.where}: {name}")
        return self._read[name]

    def touching(self, packages: Iterable[str]) -> list[ClassFile]:
        """Return the classes that name a class of some packages; raises MalformedError."""
        if self._touching is None:
            found = dict[str, set[str]]()
            for name, entry in self.classes.items():
                data = self._content(entry, _LARGEST_CLASS)
                for package in named_packages(data, f"{self.data.where}: {name}"):
                    found.setdefault(package, set()).add(name)
            self._touching = found
        names = {name for package in packages for name in self._touching.get(package, ())}
        return [self.one(name) for name in sorted(names)]

    def _content(self, entry: Entry, limit: int) -> bytes:
        if entry.size > limit:
            raise MalformedError(f"{entry.name} has {entry.size} bytes", self.data.where)
        return b"".join(content(self.data, entry))

    def inside(self, entry: Entry) -> Window:
        """Return the content of an entry, such as an archive; raises MalformedError."""
        if entry.method == STORED:
            return stored_content(self.data, entry)
        data = self._content(entry, _LARGEST_ARCHIVE)
        return Window(BytesIO(data), len(data), f"{self.data.where}/{entry.name}")


class Jars:
    """The archives of an image that are on a class path with any that is to be changed."""

    def __init__(
        self, files: Mapping[str, str], inventory: Inventory, homes: Iterable[str]
    ) -> None:
        """`files` are the archives by their paths in the image; `homes` the class paths."""
        self.broken: dict[str, str] = {}
        """Archives that could not be read, and why."""
        self._jars: dict[Place, Jar] = {}
        self._known: dict[Place, list[Package]] = {}
        for package in inventory.packages:
            if package.analyzer == "jar":
                self._known.setdefault(Place(package.path, package.inner), []).append(package)
        homes = set(homes)
        self._open_files: list[BinaryIO] = []
        for path, file in files.items():
            if path in homes or "" in homes:
                self._open(path, file)
            if path in homes:
                self._look_into(path)

    def close(self) -> None:
        for file in self._open_files:
            file.close()

    def __getitem__(self, place: Place) -> Jar:
        return self._jars[place]

    def __contains__(self, place: Place) -> bool:
        return place in self._jars

    def on(self, home: str) -> Iterator[tuple[Place, Jar]]:
        """Yield what is on a class path, the archive that holds it included."""
        for place, jar in self._jars.items():
            is_here = place == Place(home) if home and not place.inner else place.home == home
            if is_here and (home or not jar.has_path):
                yield place, jar

    def artifact(self, place: Place) -> Package | None:
        """Return the only artifact that an archive is; None where it is several or unknown."""
        known = self._known.get(place, [])
        return known[0] if len(known) == 1 and known[0].version and ":" in known[0].name else None

    def having(self, name: str, near: Place) -> list[Place]:
        """Return where an artifact is on a class path, as far as it is in the same folder."""
        folder = posixpath.dirname(near.path)
        return sorted(
            place for place, known in self._known.items()
            if place in self._jars and place.home == near.home
            and posixpath.dirname(place.path) == folder and any(one.name == name for one in known)
        )  # fmt: skip

    def newest_class(self, home: str) -> int:
        """Return the newest class file version on a class path: its Java reads that."""
        return max((jar.major for _, jar in self.on(home)), default=0)

    def version(self, place: Place, name: str) -> str:
        return next(one.version for one in self._known[place] if one.name == name)

    def _open(self, path: str, file: str) -> None:
        stream = open(file, "rb")  # noqa: SIM115 - closed by `close`
        self._open_files.append(stream)
        try:
            self._jars[Place(path)] = Jar(Window(stream, os.path.getsize(file), path))
        except MalformedError as error:
            self.broken[path] = error.reason

    def _look_into(self, path: str) -> None:
        outer = self._jars.get(Place(path))
        if outer is None:
            return
        for name, entry in outer.entries.items():
            if name.startswith(FOLDERS) and name.endswith(ARCHIVES) and entry.size:
                try:
                    self._jars[Place(path, name)] = Jar(outer.inside(entry))
                except MalformedError as error:
                    self.broken[f"{path}/{name}"] = error.reason
