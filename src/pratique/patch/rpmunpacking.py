"""Unpack an RPM package onto an image, as rpm does, into a layer."""

from __future__ import annotations

import hashlib
import io
import posixpath
import struct
import tarfile
from collections.abc import Sequence
from typing import Any, BinaryIO

from pratique.errors import LimitExceeded, MalformedError
from pratique.patch import rpmcapabilities, rpmscripts
from pratique.patch.layer import LayerWriter
from pratique.patch.model import Refused
from pratique.patch.resolution import Deb
from pratique.patch.root import Node
from pratique.patch.rpmdatabase import VENDOR, RpmDatabase, version_of
from pratique.patch.rpmheader import CHAR, INT32, with_tags
from pratique.patch.rpmpackage import (
    CONFIG,
    DOC,
    GHOST,
    NOREPLACE,
    Content,
    RpmFile,
    RpmPackage,
    hasher_of,
)
from pratique.patch.rpmsettings import Settings

_MODULE = 5096
_NOT_INSTALLED = 2
_LARGEST_CONFIG = 64 << 20
# what rpm takes over from the signature into the database (lib/headerutil)
_TAKEN = {1000: 257, 1002: 259, 1004: 261, 1005: 262, 1007: 1046, 269: 269, 273: 273, 267: 267,
          268: 268, 270: 270, 271: 271, 274: 274, 275: 275, 276: 276, 278: 278}  # fmt: skip


class RpmUnpacking:
    """One package, from a file that holds it; its signature is verified at once."""

    def __init__(
        self, deb: Deb, file: BinaryIO, database: RpmDatabase, certs: Sequence[Any],
        settings: Settings,
    ) -> None:  # fmt: skip
        """Raise MalformedError where it is not the package that the index names, or not signed."""
        self.deb = deb
        self._db = database
        self._root = database.root
        self._settings = settings
        self.where = posixpath.basename(deb.at)
        self.rpm = RpmPackage(file, self.where)
        self.rpm.verify(certs)
        header = self.header = self.rpm.header
        named = (header.text(1000), version_of(header), header.text(1022))
        if named != (deb.name, deb.version, deb.arch) or 1106 in header:
            raise MalformedError(f"it is {' '.join(named)}, not the {deb.name} {deb.version} "
                                 "that its index names", self.where)  # fmt: skip
        self.old = database.packages.get((deb.name, deb.arch))
        self._hash = hasher_of(header)
        self._before = {f.path: f for f in self.old.files} if self.old else {}
        self._skipped = {f.path for f in self.rpm.files if self._is_left_out(f)}

    def check(self) -> None:
        """Raise Refused where something matters that is not done here."""
        self._check_origin()
        old = self.old.header if self.old else None
        versions = (self.old.version if self.old else "", self.deb.version)
        if why := rpmscripts.why_needed(old, self.header, versions):
            raise Refused(why)
        for file in self.rpm.files:
            self._check_file(file)
        paths = [f.path for f in self.rpm.files] + list(self._before)
        for package in self._db.packages.values():
            if package is not self.old:
                why = rpmscripts.why_triggered(package.header, self.deb.name, paths)
                if why:
                    raise Refused(why)

    def _check_origin(self) -> None:
        """Refuse another vendor where zypper would, another stream of a module, lost files."""
        label = ":".join(self.header.text(_MODULE).split(":")[:2])
        if self.old is None:
            return
        before = ":".join(self.old.header.text(_MODULE).split(":")[:2])
        if label != before:
            raise Refused(f"it is of {label or 'no module'}, not of {before or 'none, as it is'}")
        vendors = (self.old.header.text(VENDOR), self.header.text(VENDOR))
        if self._settings.keeps_vendor and vendors[0] != vendors[1]:
            raise Refused(f"its vendor is {vendors[1]!r}, not {vendors[0]!r}")
        own = {f"/{f.path}" for f in self.rpm.files}
        given = {p.name for p in self.deb.provides if p.name.startswith("/")}
        lost = sorted(p for p in given - own if p.removeprefix("/") in self._before)
        if lost:
            raise Refused(f"it has no {lost[0]} any more, which others need")

    def _check_file(self, file: RpmFile) -> None:
        if file.path in self._skipped or file.flags & GHOST:
            return
        real = self._root.resolve(file.path)
        if file.kind == "other":
            raise Refused(f"/{file.path} is a device")
        self._check_owner(file)
        node = self._root.nodes.get(real)
        if node is not None:
            self._check_place(file, real, node)

    def _check_owner(self, file: RpmFile) -> None:
        for name, table in ((file.user, "passwd"), (file.group, "group")):
            if name != "root" and self._root.account(name, -1, table) < 0:
                raise Refused(f"/{file.path} belongs to {name}, who is not in the image")

    def _check_place(self, file: RpmFile, real: str, node: Node) -> None:
        is_folder = node.kind == "directory"
        if file.kind == "directory":
            aim = self._root.nodes.get(self._root.follow(real))
            if aim is None or aim.kind != "directory":
                raise Refused(f"a file of the image is in the way of the directory /{file.path}")
        elif is_folder:
            raise Refused(f"a directory of the image is in the way of /{file.path}")
        elif owners := self._db.owners(real) - {(self.deb.name, self.deb.arch)}:
            self._check_shared(file, real, owners)
        if file.flags & CONFIG and file.kind == "file" and not is_folder:
            self._check_config(file, real)

    def _check_shared(self, file: RpmFile, real: str, owners: set[tuple[str, str]]) -> None:
        """Refuse a file that another package has with other content."""
        for key in sorted(owners):
            for other in self._db.packages[key].files:
                if self._root.resolve(other.path) == real and not other.flags & GHOST and (
                    other.digest, other.link) != (file.digest, file.link):  # fmt: skip
                    raise Refused(f"/{file.path} is of {key[0]} too, with other content")

    def _check_config(self, file: RpmFile, real: str) -> None:
        before = self._before.get(file.path)
        is_same = before is not None and before.digest == file.digest
        if not is_same and self._root.read(real) is None:
            raise Refused(f"/{real} is a configuration file outside of /etc")

    def _is_left_out(self, file: RpmFile) -> bool:
        """Tell whether the image's settings leave a file out: documentation, other languages."""
        if file.flags & DOC and (self._settings.nodocs or self._had_no_docs()):
            return True
        langs = self._settings.langs
        return bool(langs and file.lang and not set(file.lang.split("|")) & langs)

    def _had_no_docs(self) -> bool:
        docs = [f for f in self._before.values() if f.flags & DOC]
        return bool(docs) and all(f.state == _NOT_INSTALLED for f in docs)

    def unpack(self, layer: LayerWriter) -> None:
        """Write its files; what the old version has beside them is taken away."""
        self.rpm.check_payload()
        links: dict[tuple[int, int], list[RpmFile]] = {}
        made: dict[tuple[int, int], str] = {}
        seen: set[str] = set()
        for file, stream, size in self.rpm.members():
            seen.add(file.path)
            content = Content(stream, size, self._hash, self.where)
            many = file.kind == "file" and self._is_linked(file)
            if file.path in self._skipped or file.flags & GHOST:
                content.drain()
            elif many and file.inode in made:
                links.setdefault(file.inode, []).append(file)
                content.drain()
            elif many and size == 0 and file.size:
                links.setdefault(file.inode, []).append(file)
            else:
                self._put(file, content, size, layer)
                made[file.inode] = self._root.resolve(file.path)
        for inode, files in links.items():
            for file in files:
                self._link(file, made.get(inode, ""), layer)
        absent = [f for f in self.rpm.files if f.path not in seen and not f.flags & GHOST]
        if absent:
            raise MalformedError(f"its payload lacks /{absent[0].path}", self.where)
        self._remove_others(layer)

    def _is_linked(self, file: RpmFile) -> bool:
        if not any(file.inode):
            return False
        same = (f for f in self.rpm.files if f.inode == file.inode and f.kind == "file")
        return sum(1 for _ in same) > 1

    def _put(self, file: RpmFile, content: Content, size: int, layer: LayerWriter) -> None:
        real = self._root.resolve(file.path)
        info = self._info(file, real)
        if file.kind == "directory":
            self._folder(info, real, layer)
        elif file.kind == "symlink":
            info.type, info.linkname = tarfile.SYMTYPE, file.link
            if size and content.read(min(size, 4096)) != file.link.encode(
                "utf-8", "surrogateescape"
            ):
                raise MalformedError(f"/{file.path} is not the link that is signed", self.where)
            self._place(real, layer)
            layer.put(info)
        else:
            if size != file.size:
                raise MalformedError(f"/{file.path} has {size} bytes, not {file.size}", self.where)
            info.size = size
            if file.flags & CONFIG:
                self._config(file, info, content, layer)
            else:
                layer.put(info, content)  # type: ignore[arg-type]
                self._agree(file, content)
        content.drain()

    def _place(self, real: str, layer: LayerWriter) -> None:
        if layer.is_folder(real):
            raise MalformedError(f"/{real} is a directory", self.where)

    def _agree(self, file: RpmFile, content: Content) -> None:
        """Raise MalformedError where a file is not the one that was signed."""
        if content.hasher.hexdigest() != file.digest:
            raise MalformedError(f"/{file.path} is not the file that is signed", self.where)

    def _folder(self, info: tarfile.TarInfo, real: str, layer: LayerWriter) -> None:
        """Make a folder unless there is one, or a link to one; one that it owns gets its mode."""
        aim = self._root.follow(real)
        if aim != real and layer.is_folder(aim):
            return
        node = self._root.nodes.get(real)
        if real in layer.written or (
            node and (node.mode, node.uid, node.gid) == (info.mode, info.uid, info.gid)
        ):
            return
        layer.put(info)

    def _info(self, file: RpmFile, real: str) -> tarfile.TarInfo:
        info = tarfile.TarInfo(real)
        info.mode, info.mtime = file.mode & 0o7777, file.mtime
        info.uid = self._root.account(file.user, 0, "passwd")
        info.gid = self._root.account(file.group, 0, "group")
        if file.kind == "directory":
            info.type = tarfile.DIRTYPE
        if file.caps:
            value = rpmcapabilities.attribute(file.caps, f"{self.where}: /{file.path}")
            text = value.decode("utf-8", "surrogateescape")
            info.pax_headers = {"SCHILY.xattr.security.capability": text} if value else {}
        return info

    def _link(self, file: RpmFile, target: str, layer: LayerWriter) -> None:
        if layer.written.get(target) != "file":
            raise MalformedError(f"/{file.path} is a link to what is not there", self.where)
        info = self._info(file, self._root.resolve(file.path))
        info.type, info.linkname = tarfile.LNKTYPE, target
        layer.put(info)

    def _config(
        self, file: RpmFile, info: tarfile.TarInfo, content: Content, layer: LayerWriter
    ) -> None:
        """Do what rpm does: keep, replace, or put one of both beside the other."""
        if info.size > _LARGEST_CONFIG:
            raise LimitExceeded(f"{self.where}: /{file.path} has {info.size} bytes")
        data = content.read(info.size)
        self._agree(file, content)
        current = self._root.read(info.name)
        node = self._root.nodes.get(info.name)
        before = self._before.get(file.path)
        if node and before and before.digest == file.digest:
            return
        there = hashlib.new(self._hash, current or b"", usedforsecurity=False).hexdigest()
        is_changed = node is not None and there != file.digest and (
            before is None or there != before.digest)  # fmt: skip
        if node and there == file.digest:
            return
        if is_changed and file.flags & NOREPLACE:
            info.name = f"{info.name}.rpmnew"
        elif is_changed:
            layer.write(f"{info.name}.rpmsave", current or b"")
        layer.put(info, io.BytesIO(data))

    def _remove_others(self, layer: LayerWriter) -> None:
        """Take away what only the old version has; configuration that was changed is saved."""
        kept = {self._root.resolve(f.path) for f in self.rpm.files}
        kept -= {self._root.resolve(p) for p in self._skipped if p not in self._before}
        gone: set[str] = set()
        for path, file in sorted(self._before.items(), reverse=True):
            real = self._root.resolve(path)
            node = self._root.nodes.get(real)
            if node is None or real in kept or real in layer.written:
                continue
            if self._db.others_own(real, (self.deb.name, self.deb.arch)):
                continue
            if node.kind == "directory":
                names = self._root.children(real)
                if any(f"{real}/{name}" not in gone for name in names):
                    continue
            elif file.flags & CONFIG and node.kind == "file":
                self._save(file, real, layer)
            gone.add(real)
        for real in sorted(gone):
            if real.rpartition("/")[0] not in gone:
                layer.remove(real)

    def _save(self, file: RpmFile, real: str, layer: LayerWriter) -> None:
        data = self._root.read(real)
        if data is None or file.flags & GHOST:
            return
        hashed = hashlib.new(self._hash, data, usedforsecurity=False).hexdigest()
        if hashed != file.digest:
            layer.write(f"{real}.rpmsave", data)

    def blob(self, now: int) -> bytes:
        """Return the header as the database has it: what rpm notes of an installation behind it."""
        more: dict[int, tuple[int, int, bytes]] = {}
        for tag, to in _TAKEN.items():
            if tag in self.rpm.signature:
                more[to] = self.rpm.signature.raw(tag)
        when = struct.pack(">I", now)
        states = bytes(_NOT_INSTALLED if f.path in self._skipped else 0 for f in self.rpm.files)
        more[1008], more[1128] = (INT32, 1, when), (INT32, 1, when)
        more[1127] = (INT32, 1, struct.pack(">I", self._db.color))
        if states:
            more[1029] = (CHAR, len(states), states)
        return with_tags(self.header, {tag: value for tag, value in more.items() if value[1]})
