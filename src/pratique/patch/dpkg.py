"""Dpkg's database in an image: read, and kept true when packages are upgraded.

dpkg(1), deb-conffiles(5), https://www.dpkg.org/doc/, dpkg's doc/spec of its database.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from pratique.codecs.debcontrol import is_installed, paragraph
from pratique.patch.apt import deb_of
from pratique.patch.resolution import Deb, Key
from pratique.patch.root import Root

HOME = "var/lib/dpkg"
_STATUS, _SINGLE, _INFO = f"{HOME}/status", f"{HOME}/status.d", f"{HOME}/info"
_LATE = ("Conffiles", "Description", "Homepage")
WANTED = ("etc", HOME, "usr/share/keyrings")


class Installed(Struct):
    """A package in the database."""

    deb: Deb
    fields: dict[str, str]
    place: str
    """The file that its stanza is in."""
    at: int
    """Which stanza of that."""

    @property
    def is_held(self) -> bool:
        return self.fields.get("Status", "").startswith("hold ")


class Database:
    """The packages of an image and the files that they own."""

    def __init__(self, root: Root) -> None:
        self.root = root
        self.stanzas: dict[str, list[dict[str, str]]] = {}
        self.broken: list[str] = []
        self.packages = [package for package in self._read() if package]
        arches = [p.deb.arch for p in self.packages if p.deb.arch != "all"]
        own = next((p.deb.arch for p in self.packages if p.deb.name in ("dpkg", "base-files")), "")
        is_real = own not in ("", "all")
        self.native = own if is_real else max(arches, key=arches.count, default="all")
        self.by_key = {self.key_of(package.deb): package for package in self.packages}
        self._owners: dict[str, set[str]] | None = None
        self.diversions = _diversions(root)
        self.overrides = _overrides(root)
        self.excludes = _excludes(root)

    def key_of(self, deb: Deb) -> Key:
        return deb.name, self.native if deb.arch == "all" else deb.arch

    @property
    def is_distroless(self) -> bool:
        return _STATUS not in self.stanzas

    def _read(self) -> Iterator[Installed | None]:
        singles = [p for p in self.root.files(_SINGLE) if not p.endswith(".md5sums")]
        for path in [_STATUS, *singles]:
            data = self.root.read(path)
            if data is None:
                continue
            texts = re.split(r"\n[ \t\r]*\n", data.decode("utf-8", "surrogateescape"))
            self.stanzas[path] = [f for f in map(paragraph, texts) if f]
            for at, fields in enumerate(self.stanzas[path]):
                if is_installed(fields.get("Status")):
                    yield self._installed(fields, path, at)

    def _installed(self, fields: dict[str, str], path: str, at: int) -> Installed | None:
        try:
            return Installed(deb_of(fields), fields, path, at)
        except (ValueError, KeyError):
            self.broken.append(fields.get("Package", "a package without a name"))
            return None

    def control(self, package: Installed | None, name: str) -> bytes | None:
        """Return a control file that was kept of a package: `postinst`, `list` …"""
        return self.root.read(self.control_path(package.deb, name)) if package else None

    def controls(self, package: Installed) -> dict[str, str]:
        """Return the control files that were kept of a package, and where."""
        stem = self.control_path(package.deb, "")
        found = (path for path in self.root.files(_INFO) if path.startswith(stem))
        return {path[len(stem) :]: path for path in found}

    def control_path(self, deb: Deb, name: str) -> str:
        """Return where a control file is: `info/NAME.EXT`, `info/NAME:ARCH.EXT` for multi-arch."""
        arch = f":{deb.arch}" if deb.multi_arch == "same" else ""
        return f"{_INFO}/{deb.name}{arch}.{name}"

    def single(self, name: str) -> str:
        """Return the file in status.d for a package that was not there before."""
        return f"{_SINGLE}/{name}"

    def files(self, package: Installed) -> list[str]:
        """Return the paths that a package lists, real ones."""
        if package.place != _STATUS:
            sums = self.root.read(f"{package.place}.md5sums") or b""
            lines = [line.partition("  ")[2] for line in _text(sums).splitlines()]
        else:
            lines = _text(self.control(package, "list") or b"").splitlines()
        paths = (self.root.resolve(line.lstrip("/")) for line in lines if line.strip("/. "))
        return list(dict.fromkeys(path for path in paths if path))

    def others_own(self, path: str, key: Key) -> bool:
        """Tell whether another package owns a real path."""
        if self._owners is None:
            self._owners = {}
            for package in self.packages:
                name = ":".join(self.key_of(package.deb))
                for one in self.files(package):
                    self._owners.setdefault(one, set()).add(name)
        return bool(self._owners.get(path, set()) - {":".join(key)})

    def interested(self, paths: Iterable[str]) -> dict[str, str]:
        """Map packages whose triggers some paths would set off to one of these paths."""
        interests: dict[str, set[str]] = {}
        for line in _text(self.root.read(f"{HOME}/triggers/File") or b"").splitlines():
            folder, _, who = line.strip().partition(" ")
            name = who.partition("/")[0].partition(":")[0]
            interests.setdefault(self.root.resolve(folder), set()).add(name)
        found: dict[str, str] = {}
        for path in paths:
            folder = path
            while folder:
                for name in sorted(interests.get(folder, ())):
                    found.setdefault(name, path)
                folder = folder.rpartition("/")[0]
        return found

    def listening(self, trigger: str) -> list[str]:
        """Return the packages that wait for a named trigger."""
        if "/" in trigger.strip("/"):
            return list(self.interested([self.root.resolve(trigger)]))
        lines = _text(self.root.read(f"{HOME}/triggers/{trigger}") or b"").splitlines()
        return [line.strip().partition("/")[0].partition(":")[0] for line in lines if line.strip()]


def conffiles(fields: dict[str, str]) -> dict[str, str]:
    """Map the configuration files of a stanza to the MD5 of what was shipped."""
    found = {}
    for line in fields.get("Conffiles", "").splitlines():
        words = line.split()
        if len(words) >= 2:
            found[words[0].lstrip("/")] = " ".join(words[1:])
    return found


def stanza(fields: dict[str, str], status: str, shipped: dict[str, str]) -> dict[str, str]:
    """Return what dpkg writes of a package: its control file, its state, its conffiles."""
    made: dict[str, str] = {}
    for name, value in fields.items():
        if name in _LATE:
            continue
        made[name] = value
        if name == "Package" and status:
            made["Status"] = status
    if shipped:
        made["Conffiles"] = "".join(f"\n /{path} {md5}" for path, md5 in shipped.items())
    return made | {name: fields[name] for name in _LATE[1:] if name in fields}


def text_of(stanzas: Iterable[dict[str, str]]) -> bytes:
    """Return stanzas as a file; a value that begins on the next line has nothing on its own."""
    texts = []
    for fields in stanzas:
        lines = (
            f"{name}:{value}\n" if value.startswith("\n") or not value else f"{name}: {value}\n"
            for name, value in fields.items()
        )
        texts.append("".join(lines))
    return "\n".join([*texts, ""]).encode("utf-8", "surrogateescape")


def is_excluded(path: str, rules: Iterable[tuple[bool, str]]) -> bool:
    """Tell whether dpkg is told to leave a path out; the last rule that matches counts."""
    excluded = False
    for excludes, pattern in rules:
        if fnmatch.fnmatchcase("/" + path, pattern):
            excluded = excludes
    return excluded


def _excludes(root: Root) -> list[tuple[bool, str]]:
    rules = []
    for path in ["etc/dpkg/dpkg.cfg", *root.files("etc/dpkg/dpkg.cfg.d")]:
        for line in _text(root.read(path) or b"").splitlines():
            match = re.match(r"\s*(?:--)?path-(exclude|include)\s*[=\s]\s*(\S+)", line)
            if match:
                rules.append((match[1] == "exclude", match[2]))
    return rules


def _diversions(root: Root) -> dict[str, tuple[str, str]]:
    """Map diverted paths to where they go, and to the package that is not concerned."""
    lines = _text(root.read(f"{HOME}/diversions") or b"").splitlines()
    triples = zip(lines[::3], lines[1::3], lines[2::3], strict=False)
    return {old.lstrip("/"): (new.lstrip("/"), who) for old, new, who in triples}


def _overrides(root: Root) -> dict[str, tuple[str, str, int]]:
    """Map paths to the user, group and mode that the administrator gave them."""
    found = {}
    for line in _text(root.read(f"{HOME}/statoverride") or b"").splitlines():
        words = line.split(" ", 3)
        if len(words) == 4 and re.fullmatch("[0-7]{1,5}", words[2]):
            found[words[3].lstrip("/")] = (words[0], words[1], int(words[2], 8))
    return found


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
