"""Unpack a Debian package onto an image, as dpkg does, into a layer."""

from __future__ import annotations

import hashlib
import io
import posixpath
import tarfile
from collections.abc import Iterator
from typing import IO, BinaryIO

from pratique.codecs import deb as archive
from pratique.errors import MalformedError
from pratique.patch import scripts
from pratique.patch.dpkg import Database, conffiles, is_excluded, stanza
from pratique.patch.layer import LayerWriter
from pratique.patch.model import Refused
from pratique.patch.resolution import Deb

_LARGEST_CONFFILE = 64 << 20
_OF_THE_INSTALLATION = ("Config-Version", "Triggers-Pending", "Triggers-Awaited")


class Unpacking:
    """One package, from a file that holds it."""

    def __init__(self, deb: Deb, file: BinaryIO, database: Database) -> None:
        """Raise MalformedError where it is not the package that the index names."""
        self.deb = deb
        self._file = file
        self._db = database
        self._where = posixpath.basename(deb.at) or deb.name
        self.control = archive.read(file, self._where)
        named = tuple(
            self.control.fields.get(n, "") for n in ("Package", "Version", "Architecture")
        )
        if named != (deb.name, deb.version, deb.arch):
            raise MalformedError(f"it is {' '.join(named)}, not the {deb.name} {deb.version} "
                                 "that its index names", self._where)  # fmt: skip
        self.old = database.by_key.get(database.key_of(deb))
        self._conffiles = self._shipped_conffiles()
        self._md5: dict[str, str] = {}
        self._listed: list[str] = []

    def check(self) -> None:
        """Raise Refused where a script or a trigger matters that is not run."""
        old = {n: self._db.control(self.old, n) or b"" for n in scripts.RUN_AT_INSTALLATION}
        versions = (self.old.deb.version if self.old else "", self.deb.version)
        if why := scripts.why_needed(old, self.control.control, versions):
            raise Refused(why)
        self._check_triggers()
        sets_owners = scripts.sets_owners(self.control.control)
        paths = []
        for info, real in self._entries():
            paths.append(real)
            node = self._db.root.nodes.get(real)
            if node and real in self._unread(info):
                raise Refused(f"/{real} is a configuration file outside of /etc")
            if node and info.isdir() and not self._is_folder(real):
                raise Refused(f"a file of the image is in the way of the directory /{real}")
            if node and not (info.isdir() or info.issym()) and node.kind == "directory":
                raise Refused(f"a directory of the image is in the way of /{real}")
            if sets_owners and node and node.kind == "file" and info.isreg():
                wanted = (info.mode & 0o7777, *self._owner(info))
                if (node.mode, node.uid, node.gid) != wanted and real not in self._db.overrides:
                    raise Refused(f"its scripts set owner or mode of /{real}")
        for who, path in self._db.interested(paths).items():
            if who not in scripts.TRIGGERS_WITHOUT_HARM:
                raise Refused(f"/{path} sets off a trigger of {who}")

    def _check_triggers(self) -> None:
        before = self._db.control(self.old, "triggers") or b""
        lines = set(_lines(self.control.control.get("triggers", b"")))
        for line in sorted(lines | set(_lines(before))):
            word, _, name = line.partition(" ")
            if word.startswith("interest") and (line in lines) != (line in _lines(before)):
                raise Refused(f"what triggers it changes: {line}")
            if word.startswith("activate"):
                for who in self._db.listening(name.strip()):
                    if who not in scripts.TRIGGERS_WITHOUT_HARM:
                        raise Refused(f"it sets off a trigger of {who}: {name}")

    def unpack(self, layer: LayerWriter) -> None:
        """Write its files; what the old version has beside them is taken away."""
        written: dict[str, str] = {}
        for info, content in archive.data(self._file, self._where):
            path = self._path(info)
            if not path:
                continue
            self._listed.append(path)
            real = self._real(path)
            if info.isdir():
                self._folder(info, real, layer)
            elif path in self._conffiles and info.isreg() and content is not None:
                written[real] = ""
                self._conffile(info, path, real, content.read(_LARGEST_CONFFILE + 1), layer)
            elif is_excluded(path, self._db.excludes):
                continue
            elif not (info.issym() and layer.is_folder(real)):
                written[real] = ""
                self._entry(info, real, content, layer)
        self._remove_others(layer)

    def stanza(self) -> dict[str, str]:
        """Return what the database is to say of it."""
        status = self.old.fields.get("Status", "") if self.old else "install ok installed"
        if self.old is None and self._db.is_distroless:
            status = ""
        old = self.old.fields if self.old else {}
        kept = {name: old[name] for name in _OF_THE_INSTALLATION if name in old}
        return stanza({**self.control.fields, **kept}, status, self._recorded())

    def control_files(self) -> dict[str, bytes]:
        """Return what is to be in `info` of it, by extension."""
        files = dict(self.control.control)
        obsolete = [p for p, md5 in self._recorded().items() if md5.endswith(" obsolete")]
        listed = dict.fromkeys([*self._listed, *obsolete])
        files["list"] = _bytes("/.\n" + "".join(f"/{path}\n" for path in listed))
        return files

    def _shipped_conffiles(self) -> set[str]:
        lines = _lines(self.control.control.get("conffiles", b""))
        return {line.lstrip("/") for line in lines if line.startswith("/")}

    def _recorded(self) -> dict[str, str]:
        """Return the conffiles of the new version, and those it no longer has but the image."""
        before = conffiles(self.old.fields) if self.old else {}
        gone = {path: md5 for path, md5 in before.items() if path not in self._md5}
        return {path: self._md5[path] for path in self._listed if path in self._md5} | {
            path: md5 if md5.endswith(" obsolete") else f"{md5} obsolete"
            for path, md5 in gone.items()
            if self._db.root.node(path) is not None
        }

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

    def _real(self, path: str) -> str:
        """Return where a path goes: diverted, and through the links of the image's folders."""
        to, who = self._db.diversions.get(path, (path, ""))
        return self._db.root.resolve(path if who == self.deb.name else to)

    def _entries(self) -> Iterator[tuple[tarfile.TarInfo, str]]:
        for info, _ in archive.data(self._file, self._where):
            if path := self._path(info):
                yield info, self._real(path)

    def _is_folder(self, real: str) -> bool:
        node = self._db.root.nodes.get(self._db.root.follow(real))
        return node is None or node.kind == "directory"

    def _unread(self, info: tarfile.TarInfo) -> set[str]:
        """Return the real path of a conffile whose content in the image is not known."""
        path = self._path(info)
        real = self._real(path)
        return {real} if path in self._conffiles and self._db.root.read(real) is None else set()

    def _owner(self, info: tarfile.TarInfo) -> tuple[int, int]:
        return (self._db.root.account(info.uname, info.uid, "passwd"),
                self._db.root.account(info.gname, info.gid, "group"))  # fmt: skip

    def _folder(self, info: tarfile.TarInfo, real: str, layer: LayerWriter) -> None:
        """Make a folder unless there is one, or a link to one: dpkg leaves these as they are."""
        if not layer.is_folder(real) and not layer.is_folder(self._db.root.follow(real)):
            self._entry(info, real, None, layer)

    def _entry(
        self, info: tarfile.TarInfo, real: str, content: IO[bytes] | None, layer: LayerWriter
    ) -> None:
        info.name, info.mode, info.pax_headers = real, info.mode & 0o7777, {}  # as dpkg has it
        info.uid, info.gid = self._owner(info)
        if real in self._db.overrides:
            user, group, info.mode = self._db.overrides[real]
            info.uid, info.gid = (
                self._db.root.account(user, 0, "passwd"),
                self._db.root.account(group, 0, "group"),
            )
        if info.islnk():
            info.linkname = self._linked(info, layer)
        layer.put(info, content)

    def _linked(self, info: tarfile.TarInfo, layer: LayerWriter) -> str:
        """Return the real path of what a hard link links to, which has to be in the layer."""
        parts = info.linkname.split("/")
        if info.linkname.startswith("/") or ".." in parts:
            raise MalformedError(f"{info.linkname!r} leads out of the package", self._where)
        real = self._real("/".join(part for part in parts if part not in ("", ".")))
        if layer.written.get(real) != "file":
            raise MalformedError(f"{info.name!r} is a link to what is not there", self._where)
        return real

    def _conffile(
        self, info: tarfile.TarInfo, path: str, real: str, data: bytes, layer: LayerWriter
    ) -> None:
        """Keep what the image changed, and put what is shipped beside it, as --force-confold."""
        shipped = hashlib.md5(data, usedforsecurity=False).hexdigest()
        self._md5[path] = shipped
        before = (conffiles(self.old.fields) if self.old else {}).get(path, "").partition(" ")[0]
        current = self._db.root.read(real)
        if current is None:
            if not before and not is_excluded(path, self._db.excludes):
                self._entry(info, real, io.BytesIO(data), layer)
            return
        there = hashlib.md5(current, usedforsecurity=False).hexdigest()
        if shipped in (there, before):
            return
        self._entry(info, real if there == before else f"{real}.dpkg-dist", io.BytesIO(data), layer)

    def _remove_others(self, layer: LayerWriter) -> None:
        """Take away what only the old version has; conffiles stay."""
        if self.old is None:
            return
        kept = {self._real(path) for path in self._listed}
        kept |= {self._db.root.resolve(path) for path in conffiles(self.old.fields)}
        key = self._db.key_of(self.deb)
        gone: set[str] = set()
        for real in sorted(self._db.files(self.old), reverse=True):
            node = self._db.root.nodes.get(real)
            if node is None or real in kept or real in layer.written:
                continue
            if self._db.others_own(real, key):
                continue
            if node.kind != "directory" or self._is_empty(real, gone):
                gone.add(real)
        for real in sorted(gone):
            if real.rpartition("/")[0] not in gone:
                layer.remove(real)

    def _is_empty(self, folder: str, gone: set[str]) -> bool:
        return all(f"{folder}/{name}" in gone for name in self._db.root.children(folder))


def _lines(data: bytes) -> list[str]:
    lines = (" ".join(line.split()) for line in data.decode("utf-8", "replace").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
