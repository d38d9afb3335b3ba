"""Unpack one of Alpine's packages onto an image, as apk does, into a layer."""

from __future__ import annotations

import hashlib
import posixpath
import tarfile
from base64 import b64encode
from collections.abc import Iterator
from typing import IO, BinaryIO

from pratique.codecs import apkpackage
from pratique.errors import DigestMismatch, MalformedError
from pratique.patch import scripts
from pratique.patch.apkdb import Database
from pratique.patch.layer import LayerWriter
from pratique.patch.model import Refused
from pratique.patch.resolution import Deb

_PROTECTED, _NOT_PROTECTED = "etc/", ("etc/init.d/", "etc/apk/")
_CHUNK = 1 << 18
_TRIGGERS_WITHOUT_HARM = frozenset({"busybox", "mandoc", "mandoc-apropos", "man-db", "mailcap"})


class Unpacking:
    """One package, from a file that holds it."""

    def __init__(self, deb: Deb, lines: list[str], file: BinaryIO, database: Database) -> None:
        """Raise MalformedError or DigestMismatch where it is not what the index names."""
        self._deb = deb
        self._lines = lines
        self._file = file
        self._db = database
        self._where = posixpath.basename(deb.at)
        self.apk = apkpackage.read(file, self._where)
        if self.apk.checksum != deb.digest:
            raise DigestMismatch(f"{self._where} is not the package that the signed index names "
                                 f"({self.apk.checksum} instead of {deb.digest})")  # fmt: skip
        named = tuple(self.apk.info.get(field, [""])[0] for field in ("pkgname", "pkgver"))
        if named != (deb.name, deb.version):
            raise MalformedError(
                f"it is {' '.join(named)}, not {deb.name} {deb.version}", self._where
            )
        self.old = database.by_key.get(database.key_of(deb))
        self._names = (
            ("pre-upgrade", "post-upgrade") if self.old else ("pre-install", "post-install")
        )
        self._entry: dict[str, list[list[str]]] = {}
        self._acls: dict[str, str] = {}
        self._sums: dict[str, str] = {}

    def check(self) -> None:
        """Raise Refused where a script or a trigger matters that is not run."""
        old = self._db.scripts_of(self.old)
        versions = (self.old.deb.version if self.old else "", self._deb.version)
        if why := scripts.why_needed(old, self.apk.scripts, versions, self._names):
            raise Refused(why)
        if "trigger" in self.apk.scripts and "trigger" not in old:
            raise Refused("it brings a trigger, which would have to run")
        folders = set()
        for info, path in self._members():
            node = self._db.root.nodes.get(self._db.root.resolve(path))
            if node and node.kind == "directory" and not info.isdir():
                raise Refused(f"a directory of the image is in the way of /{path}")
            folders.add(path if info.isdir() else posixpath.dirname(path))
        for who, folder in self._db.interested(folders).items():
            if who not in {*_TRIGGERS_WITHOUT_HARM, self._deb.name}:
                raise Refused(f"/{folder} sets off a trigger of {who}")

    def scripts_not_run(self) -> tuple[str, ...]:
        """Return the scripts of the package that apk would have run."""
        return tuple(name for name in (*self._names, "trigger") if name in self.apk.scripts)

    def unpack(self, layer: LayerWriter) -> None:
        """Write its files; what the old version has beside them is taken away."""
        before = self.old.files() if self.old else {}
        written: set[str] = set()
        self._sums = self._checksums()
        for info, content in apkpackage.data(self._file, self.apk, self._where):
            path = self._path(info)
            if not path:
                continue
            real = self._db.root.resolve(path)
            info.uid, info.gid = self._owner(info)
            info.mode &= 0o7777
            if info.isdir():
                self._acls[path] = _acl("M", info, 0o755)
                self._entry.setdefault(path, [])
                self._folder(info, real, layer)
                continue
            written.add(real)
            self._put(info, path, real, content, before.get(path, ""), layer)
        self._remove_others(before, written, layer)

    def entry(self) -> list[str]:
        """Return the lines of the database for it."""
        lines = [line for line in self._lines if line[1:2] == ":" and line[0] not in "FRZaM"]
        lines += [f"r:{word}" for word in [" ".join(self.apk.info.get("replaces", []))] if word]
        lines += [f"q:{word}" for word in self.apk.info.get("replaces_priority", [])]
        lines += self.old.kept() if self.old else []
        for folder in sorted(self._entry):
            lines.append(f"F:{folder}")
            lines += [self._acls[folder]] if self._acls.get(folder) else []
            for file in self._entry[folder]:
                lines += file
        return lines

    def _put(
        self, info: tarfile.TarInfo, path: str, real: str, content: IO[bytes] | None, before: str,
        layer: LayerWriter,
    ) -> None:  # fmt: skip
        """Write a file; configuration that the image changed is kept, the new one beside it."""
        sum_ = self._sums[path]
        if info.islnk():
            info.linkname = self._linked(info, layer)
        folder, name = posixpath.split(path)
        acl = _acl("a", info, 0o644)
        lines = [f"R:{name}", *([acl] if acl else []), f"Z:{sum_}"]
        self._entry.setdefault(folder, []).append(lines)
        current = self._current(path, real)
        if current and current != before:
            if current == sum_:
                return
            real += ".apk-new"
        info.name = real
        layer.put(info, content)

    def _current(self, path: str, real: str) -> str:
        """Return the checksum of a protected file as the image has it; empty for others."""
        if not path.startswith(_PROTECTED) or path.startswith(_NOT_PROTECTED):
            return ""
        node = self._db.root.nodes.get(real)
        if node and node.kind == "symlink":
            return apkpackage.checksum(node.link.encode("utf-8", "surrogateescape"))
        data = self._db.root.contents.get(real)
        return apkpackage.checksum(data) if data is not None else ""

    def _checksums(self) -> dict[str, str]:
        """Map the files of the package to their checksums; a symbolic link has its target's."""
        found: dict[str, str] = {}
        for info, content in apkpackage.data(self._file, self.apk, self._where):
            if info.issym():
                target = info.linkname.encode("utf-8", "surrogateescape")
                found[self._path(info)] = apkpackage.checksum(target)
            elif info.islnk():
                target_path = self._path(tarfile.TarInfo(info.linkname))
                found[self._path(info)] = found.get(target_path, "")
            elif content is not None:
                hasher = hashlib.sha1(usedforsecurity=False)
                while chunk := content.read(_CHUNK):
                    hasher.update(chunk)
                found[self._path(info)] = "Q1" + b64encode(hasher.digest()).decode()
        return found

    def _path(self, info: tarfile.TarInfo) -> str:
        """Return the path of a member; raise MalformedError where it leads out of the root."""
        parts = info.name.split("/")
        if info.name.startswith("/") or ".." in parts or "\0" in info.name or "\n" in info.name:
            raise MalformedError(f"{info.name!r} leads out of the package", self._where)
        if any(part.startswith(".wh.") for part in parts):
            raise MalformedError(f"{info.name!r} would be a whiteout", self._where)
        if not (info.isreg() or info.isdir() or info.issym() or info.islnk()):
            raise MalformedError(f"{info.name!r} is a device", self._where)
        return "/".join(part for part in parts if part not in ("", "."))

    def _members(self) -> Iterator[tuple[tarfile.TarInfo, str]]:
        for info, _ in apkpackage.data(self._file, self.apk, self._where):
            if path := self._path(info):
                yield info, path

    def _owner(self, info: tarfile.TarInfo) -> tuple[int, int]:
        return (self._db.root.account(info.uname, info.uid, "passwd"),
                self._db.root.account(info.gname, info.gid, "group"))  # fmt: skip

    def _folder(self, info: tarfile.TarInfo, real: str, layer: LayerWriter) -> None:
        if not layer.is_folder(real) and not layer.is_folder(self._db.root.follow(real)):
            info.name = real
            layer.put(info)

    def _linked(self, info: tarfile.TarInfo, layer: LayerWriter) -> str:
        target = tarfile.TarInfo(info.linkname)
        real = self._db.root.resolve(self._path(target))
        if layer.written.get(real) != "file":
            raise MalformedError(f"{info.name!r} is a link to what is not there", self._where)
        return real

    def _remove_others(self, before: dict[str, str], kept: set[str], layer: LayerWriter) -> None:
        """Take away what only the old version has; configuration that was changed stays."""
        gone: set[str] = set()
        for path in sorted(before, reverse=True):
            real = self._db.root.resolve(path.rstrip("/"))
            node = self._db.root.nodes.get(real)
            if node is None or real in kept or real in layer.written:
                continue
            if path.rstrip("/") in self._entry or self._db.others_own(
                path.rstrip("/"), self._deb.name
            ):
                continue
            current = self._current(path, real)
            if current and current != before[path]:
                continue
            children = self._db.root.children(real)
            if node.kind != "directory" or all(f"{real}/{name}" in gone for name in children):
                gone.add(real)
        for real in sorted(gone):
            if real.rpartition("/")[0] not in gone:
                layer.remove(real)


def _acl(letter: str, info: tarfile.TarInfo, usual: int) -> str:
    """Return the line for an owner and a mode, nothing where they are the usual ones."""
    mode = 0o777 if info.issym() else info.mode
    if (info.uid, info.gid, mode) == (0, 0, usual):
        return ""
    return f"{letter}:{info.uid}:{info.gid}:{mode:o}"
