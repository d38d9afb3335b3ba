"""Unpack one RPM package onto an image, as rpm does, into a layer."""

from __future__ import annotations

import hashlib
import posixpath
import stat
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from msgspec import Struct

from pratique.codecs import rpmpackage
from pratique.codecs.rpmheader import BASE_NAMES, DIR_INDEXES, DIR_NAMES, NAME, Header
from pratique.errors import MalformedError
from pratique.patch import scripts
from pratique.patch.layer import LayerWriter
from pratique.patch.model import Refused
from pratique.patch.openpgp import verify_detached
from pratique.patch.resolution import Deb
from pratique.patch.rpmdb import Database
from pratique.patch.rpmrelations import evr
from pratique.patch.rpmrepositories import Offered

_SIZES, _LONG_SIZES, _MODES, _TIMES = 1028, 5008, 1030, 1034
_DIGESTS, _ALGORITHM, _LINKS, _FLAGS = 1035, 5011, 1036, 1037
_USERS, _GROUPS, _STATES, _LANGS, _INODES, _CAPS = 1039, 1040, 1029, 1097, 1096, 5010
_INSTALL_TIME, _INSTALL_TID, _INSTALL_COLOR = 1008, 1128, 1127
_CONFIG, _DOC, _NO_REPLACE, _GHOST = 1, 2, 1 << 4, 1 << 6
_NORMAL, _NOT_INSTALLED = 0, 2
_BODIES = {"pretrans": 1151, "pre": 1023, "post": 1024, "posttrans": 1152}
_PROGRAMS = {"pretrans": 1153, "pre": 1085, "post": 1086, "posttrans": 1154}
_TRIGGERS = {"trigger": 1065, "file trigger": 5066, "transaction file trigger": 5076}
_FILE_TRIGGERS = (5069, 5079)
# their file triggers serve the loader's cache, manuals, menus, or daemons that run
_HARMLESS = frozenset({
    "glibc", "glibc-common", "man-db", "desktop-file-utils", "hicolor-icon-theme", "info",
    "gtk-update-icon-cache", "texinfo", "mandoc",
})  # fmt: skip
_ALGORITHMS = {1: "md5", 2: "sha1", 8: "sha256", 9: "sha384", 10: "sha512", 11: "sha224"}
_REGULAR, _SPOOLED = 0o100000, 64 << 20


class Entry(Struct):
    """A file as the header has it."""

    path: str
    mode: int
    size: int
    mtime: int
    user: str
    group: str
    flags: int = 0
    digest: str = ""
    link: str = ""
    lang: str = ""
    inode: int = 0
    caps: str = ""

    @property
    def is_folder(self) -> bool:
        return stat.S_ISDIR(self.mode)


def entries(header: Header, where: str) -> list[Entry]:
    """Return the files of a package; raises MalformedError for paths that lead out of the root."""
    names, folders = header.texts(BASE_NAMES), header.texts(DIR_NAMES)
    indexes, modes = header.numbers(DIR_INDEXES), header.shorts(_MODES)
    sizes, times, flags = (header.numbers(tag) for tag in (_SIZES, _TIMES, _FLAGS))
    users, groups = header.texts(_USERS), header.texts(_GROUPS)
    digests, links, langs = (header.texts(tag) for tag in (_DIGESTS, _LINKS, _LANGS))
    inodes, caps = header.numbers(_INODES), header.texts(_CAPS)
    if not len(names) == len(indexes) == len(modes):
        raise MalformedError("its lists of files differ in length", where)
    found = []
    for n, name in enumerate(names):
        if indexes[n] >= len(folders):
            raise MalformedError("a file of it is in no folder", where)
        found.append(Entry(
            _path(folders[indexes[n]] + name, where), modes[n], _at(sizes, n), _at(times, n),
            _text(users, n) or "root", _text(groups, n) or "root", _at(flags, n),
            _text(digests, n), _text(links, n), _text(langs, n), _at(inodes, n), _text(caps, n),
        ))  # fmt: skip
    return found


def _at(values: tuple[int, ...], index: int) -> int:
    return values[index] if index < len(values) else 0


def _text(values: list[str], index: int) -> str:
    return values[index] if index < len(values) else ""


def _path(written: str, where: str) -> str:
    parts = [part for part in written.split("/") if part not in ("", ".")]
    if ".." in parts or "\n" in written or any(part.startswith(".wh.") for part in parts):
        raise MalformedError(f"{written!r} leads out of the package", where)
    return "/".join(parts)


class Unpacking:
    """One package, from a file that holds it."""

    def __init__(self, deb: Deb, offered: Offered, file: BinaryIO, database: Database,
                 certs: Iterable[object]) -> None:  # fmt: skip
        """Raise MalformedError where it is not what the index names, or nobody known signed it."""
        self._deb, self._file, self._db = deb, file, database
        self._where = posixpath.basename(deb.at)
        self.package = rpmpackage.read(file, self._where)
        self.header = Header(self.package.header, self._where)
        named = (self.header.text(NAME), evr(self.header))
        if named != (deb.name, deb.version):
            instead = f"not {deb.name} {deb.version}"
            raise MalformedError(f"it is {' '.join(named)}, {instead}", self._where)
        self._verify(list(certs), is_vouched=offered.is_vouched)
        self.old = database.by_key.get(database.key_of(deb))
        self.entries = entries(self.header, self._where)
        self._old_entries = entries(self.old.header, database.home) if self.old else []
        self._states = bytearray(len(self.entries))

    def check(self) -> None:
        """Raise Refused where a script or a trigger matters that is not run."""
        old = _scripts(self.old.header) if self.old else {}
        new = _scripts(self.header)
        versions = (self.old.deb.version if self.old else "", self._deb.version)
        if why := scripts.why_needed(old, new, versions, _BODIES):
            raise Refused(why)
        for what, tag in _TRIGGERS.items():
            before = self.old.header.texts(tag) if self.old else []
            if self.header.texts(tag) != before:
                raise Refused(f"it brings a {what}, which would have to run")
        for entry in self.entries:
            node = self._db.root.node(entry.path)
            if node and node.kind == "directory" and not entry.is_folder:
                raise Refused(f"a directory of the image is in the way of /{entry.path}")
            if entry.caps and not entry.flags & _GHOST:
                raise Refused(f"/{entry.path} has capabilities, which are not written")
            if stat.S_ISBLK(entry.mode) or stat.S_ISCHR(entry.mode):
                raise Refused(f"/{entry.path} is a device")
            if who := self._triggered(entry.path):
                raise Refused(f"/{entry.path} sets off a file trigger of {who}")

    def scripts_not_run(self) -> tuple[str, ...]:
        """Return the scripts of the package that rpm would have run."""
        return tuple(_scripts(self.header))

    def unpack(self, layer: LayerWriter) -> None:
        """Write its files; what the old version has beside them is taken away."""
        skipped = self._skipped()
        linked: dict[int, list[Entry]] = {}
        payload = rpmpackage.Payload(self._file, self.package, self._where)
        by_path = {entry.path: n for n, entry in enumerate(self.entries)}
        self._folders(layer)
        sizes = [0 if stat.S_ISDIR(e.mode) else e.size for e in self.entries]
        sizes = _once(self.entries, sizes)
        for member, content in payload.members(sizes):
            index = (
                member.index if member.index >= 0 else by_path.get(_path(member.name, self._where))
            )
            if index is None:
                raise MalformedError(
                    f"its payload has {member.name!r}, its header does not", self._where
                )
            entry = self.entries[index]
            if entry.is_folder or index in skipped:
                continue
            if stat.S_ISREG(entry.mode) and entry.size and not member.size:
                linked.setdefault(entry.inode, []).append(entry)
                continue
            self._put(entry, content, layer, linked.pop(entry.inode, []))
        self._remove_others(layer)

    def blob(self, now: int) -> bytes:
        """Return the header for the database."""
        extra = [
            rpmpackage.number(_INSTALL_TIME, now), rpmpackage.number(_INSTALL_TID, now),
            rpmpackage.number(_INSTALL_COLOR, *(self.old.header.numbers(_INSTALL_COLOR)[:1]
                                                if self.old else (0,)) or (0,)),
        ]  # fmt: skip
        if self._states:
            extra.append(rpmpackage.Extra(_STATES, 1, len(self._states), bytes(self._states)))
        return rpmpackage.installed(self.package, extra, self._where)

    def replaced(self) -> int:
        """Return the bytes of the files that it had in the image."""
        nodes = (self._db.root.node(entry.path) for entry in self._old_entries)
        return sum(node.size for node in nodes if node and node.kind == "file")

    def _verify(self, certs: list[object], *, is_vouched: bool) -> None:
        kept = rpmpackage.installed_signature(self.package.signature)
        for signature in Header(kept, self._where).signatures():
            verify_detached(self.package.signed, signature, certs, self._where)
            return
        if not is_vouched:
            raise MalformedError("nobody signed it, nor the index that names it", self._where)

    def _triggered(self, path: str) -> str:
        """Return an installed package whose file trigger waits for a path; no harmless one."""
        waiting = self._db.texts(_FILE_TRIGGERS)
        return next((who for who, prefix in waiting if path.startswith(prefix.lstrip("/"))
                     and who not in {*_HARMLESS, self._deb.name}), "")  # fmt: skip

    def _skipped(self) -> set[int]:
        """Return which files are not installed: ghosts, and what the image leaves out."""
        skipped = set()
        states = self.old.header.binary(_STATES) if self.old else b""
        left = [e for e, state in zip(self._old_entries, states, strict=False)
                if state == _NOT_INSTALLED]  # fmt: skip
        no_docs = any(e.flags & _DOC for e in left)
        langs = {e.lang for e in left if e.lang}
        for n, entry in enumerate(self.entries):
            if entry.flags & _GHOST:
                skipped.add(n)
            elif (no_docs and entry.flags & _DOC) or (entry.lang and entry.lang in langs):
                skipped.add(n)
                self._states[n] = _NOT_INSTALLED
        return skipped

    def _folders(self, layer: LayerWriter) -> None:
        for entry in sorted(self.entries, key=lambda one: one.path):
            real = self._db.root.resolve(entry.path)
            there = layer.is_folder(real) or layer.is_folder(self._db.root.follow(real))
            if entry.is_folder and not entry.flags & _GHOST and not there:
                layer.put(self._info(entry, real, tarfile.DIRTYPE))

    def _put(self, entry: Entry, content: Iterator[bytes], layer: LayerWriter,
             others: list[Entry]) -> None:  # fmt: skip
        real = self._db.root.resolve(entry.path)
        if stat.S_ISLNK(entry.mode):
            info = self._info(entry, real, tarfile.SYMTYPE)
            info.linkname = b"".join(content).decode("utf-8", "surrogateescape")
            layer.put(info)
            return
        target = self._configured(entry, real, layer)
        if not target:
            return
        with tempfile.SpooledTemporaryFile(_SPOOLED) as spool:
            for chunk in content:
                spool.write(chunk)
            info = self._info(entry, target, tarfile.REGTYPE)
            info.size = spool.tell()
            if info.size != entry.size:
                raise MalformedError(f"/{entry.path} is not as large as stated", self._where)
            spool.seek(0)
            layer.put(info, spool)
        for other in others:
            link = self._info(other, self._db.root.resolve(other.path), tarfile.LNKTYPE)
            link.linkname = target
            layer.put(link)

    def _configured(self, entry: Entry, real: str, layer: LayerWriter) -> str:
        """Return where a file goes: configuration that the image changed is kept, by rpm's rules.

        Empty where nothing is to be written.
        """
        current = self._db.root.contents.get(real)
        if not entry.flags & _CONFIG or current is None:
            return real
        before = next((e.digest for e in self._old_entries if e.path == entry.path), "")
        own = _digest(self.old.header if self.old else self.header, current)
        if own in (before, entry.digest) or not before:
            return real
        if before == entry.digest:
            return ""
        if entry.flags & _NO_REPLACE:
            return f"{real}.rpmnew"
        layer.write(f"{real}.rpmsave", current, self._db.root.nodes[real].mode)
        return real

    def _info(self, entry: Entry, real: str, kind: bytes) -> tarfile.TarInfo:
        info = tarfile.TarInfo(real)
        info.type, info.mode, info.mtime = kind, entry.mode & 0o7777, entry.mtime
        info.uid = self._db.root.account(entry.user, 0, "passwd")
        info.gid = self._db.root.account(entry.group, 0, "group")
        return info

    def _remove_others(self, layer: LayerWriter) -> None:
        """Take away what only the old version has; configuration that was changed stays."""
        kept = {entry.path for entry in self.entries}
        gone: set[str] = set()
        for entry in sorted(self._old_entries, key=lambda one: one.path, reverse=True):
            real = self._db.root.resolve(entry.path)
            node = self._db.root.nodes.get(real)
            if node is None or entry.path in kept or entry.flags & _GHOST or real in layer.written:
                continue
            if self._db.others_own(entry.path, self._deb.name):
                continue
            current = self._db.root.contents.get(real)
            if (entry.flags & _CONFIG and current is not None and self.old
                    and _digest(self.old.header, current) != entry.digest):  # fmt: skip
                continue
            children = self._db.root.children(real)
            if node.kind != "directory" or all(f"{real}/{name}" in gone for name in children):
                gone.add(real)
        for real in sorted(gone):
            if real.rpartition("/")[0] not in gone:
                layer.remove(real)


def _once(files: list[Entry], sizes: list[int]) -> list[int]:
    """Leave the content of hard links to the last of them, as the stripped payload has it."""
    last = {e.inode: n for n, e in enumerate(files) if stat.S_ISREG(e.mode)}
    return [size if not stat.S_ISREG(files[n].mode) or last[files[n].inode] == n else 0
            for n, size in enumerate(sizes)]  # fmt: skip


def _digest(header: Header, data: bytes) -> str:
    """Return the digest of a file by the algorithm that a package uses."""
    number = (header.numbers(_ALGORITHM) or (1,))[0]
    return hashlib.new(_ALGORITHMS.get(number, "md5"), data, usedforsecurity=False).hexdigest()


def _scripts(header: Header) -> dict[str, bytes]:
    """Return the scripts that run when a package is installed; a program alone is one as well."""
    found = {}
    for name, tag in _BODIES.items():
        body = header.text(tag)
        program = header.text(_PROGRAMS[name]) or " ".join(header.texts(_PROGRAMS[name]))
        if body or program:
            found[name] = (body or posixpath.basename(program)).encode()
    return found
