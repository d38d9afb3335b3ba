"""Alpine's package database in an image, as apk-tools 2 keeps it.

https://wiki.alpinelinux.org/wiki/Apk_spec, apk-tools' src/database.c.
"""

from __future__ import annotations

import fnmatch
import io
import re
import tarfile

from msgspec import Struct

from pratique.codecs.apkpackage import entries
from pratique.codecs.deb import tar_errors
from pratique.patch.apkrepositories import package_of
from pratique.patch.resolution import Deb, Key
from pratique.patch.root import Root

WANTED = ("etc", "lib/apk", "usr/lib/apk", "usr/share/apk")
_HOMES = ("lib/apk/db", "usr/lib/apk/db")
_SCRIPT = re.compile(r"(.+)\.(Q1[A-Za-z0-9+/=]{28})\.([a-z-]+)")


class Installed(Struct):
    """A package in the database."""

    deb: Deb
    lines: list[str]

    def files(self) -> dict[str, str]:
        """Map the files of the package to their checksums; folders end in a slash."""
        found: dict[str, str] = {}
        folder = path = ""
        for line in self.lines:
            if line.startswith("F:"):
                folder = line[2:]
                if folder:
                    found[f"{folder}/"] = ""
            elif line.startswith("R:"):
                path = f"{folder}/{line[2:]}".lstrip("/")
                found[path] = ""
            elif line.startswith("Z:") and path:
                found[path] = line[2:]
        return found

    def kept(self) -> list[str]:
        """Return the lines that are of the installation: replaced packages, tag, flags."""
        return [line for line in self.lines if line[:2] in ("s:", "f:")]


class Database:
    """The packages of an image, and the scripts that were kept of them."""

    def __init__(self, root: Root) -> None:
        self.root = root
        self.home = next((h for h in _HOMES if root.read(f"{h}/installed") is not None), _HOMES[0])
        self.blocks: list[list[str]] = []
        self.broken = 0
        self.packages: dict[Key, Installed] = {}
        self._positions: dict[Key, int] = {}
        arches: list[str] = []
        for lines in entries(root.read(f"{self.home}/installed") or b""):
            deb = package_of(lines)
            self.blocks.append(lines)
            if deb is None:
                self.broken += 1
                continue
            arches.append(deb.arch)
            self.packages[deb.name, ""] = Installed(deb, lines)
            self._positions[deb.name, ""] = len(self.blocks) - 1
        stated = (root.read("etc/apk/arch") or b"").decode("utf-8", "replace").strip()
        real = [arch for arch in arches if arch != "all"]
        self.native = stated or max(real, key=real.count, default="")
        self.by_key = {self.key_of(one.deb): one for one in self.packages.values()}
        self.scripts = _scripts(root, self.home)
        self.triggers: bytes | None = None
        """Whose triggers wait for what, where that changes."""
        self._owners: dict[str, list[str]] | None = None

    def key_of(self, deb: Deb) -> Key:
        return deb.name, self.native if deb.arch == "all" else deb.arch

    def scripts_of(self, package: Installed | None) -> dict[str, bytes]:
        """Return the scripts that were kept of a package, by their names."""
        if package is None:
            return {}
        checksum = package.deb.digest
        return {name: data for (c, name), (_, data) in self.scripts.items() if c == checksum}

    def others_own(self, path: str, name: str) -> bool:
        """Tell whether another package owns a path."""
        if self._owners is None:
            self._owners = {}
            for package in self.packages.values():
                for one in package.files():
                    self._owners.setdefault(one.rstrip("/"), []).append(package.deb.name)
        return any(owner != name for owner in self._owners.get(path, ()))

    def interested(self, folders: set[str]) -> dict[str, str]:
        """Map packages whose triggers some folders would set off to one of these."""
        names = {one.deb.digest: one.deb.name for one in self.packages.values()}
        found: dict[str, str] = {}
        text = self.root.read(f"{self.home}/triggers") or b""
        for line in text.decode("utf-8", "replace").splitlines():
            checksum, _, patterns = line.partition(" ")
            for pattern in patterns.split(":"):
                for folder in sorted(folders):
                    if _fits(folder, pattern.strip("/")):
                        found.setdefault(names.get(checksum, "a package"), folder)
        return found

    def replace(self, old: Installed | None, lines: list[str]) -> None:
        """Put an entry in the place of another, or behind all."""
        new = next(line[2:] for line in lines if line.startswith("C:"))
        if old and (text := self.triggers or self.root.read(f"{self.home}/triggers")):
            changed = text.replace(old.deb.digest.encode(), new.encode())
            self.triggers = changed if changed != text else self.triggers
        if old is None:
            self.blocks.append(lines)
        else:
            self.blocks[self._positions[old.deb.name, ""]] = lines

    def text(self) -> bytes:
        """Return the database as a file."""
        text = "".join("\n".join(lines) + "\n\n" for lines in self.blocks)
        return text.encode("utf-8", "surrogateescape")

    def scripts_tar(self, epoch: int) -> bytes:
        """Return the archive of scripts."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for (checksum, kind), (package, data) in self.scripts.items():
                info = tarfile.TarInfo(f"{package}.{checksum}.{kind}")
                info.size, info.mode, info.mtime = len(data), 0o755, epoch
                archive.addfile(info, io.BytesIO(data))
        return buffer.getvalue()


def _scripts(root: Root, home: str) -> dict[tuple[str, str], tuple[str, bytes]]:
    """Return kept scripts by their package's checksum and their names."""
    found: dict[tuple[str, str], tuple[str, bytes]] = {}
    data = root.read(f"{home}/scripts.tar") or root.read(f"{home}/scripts.tar.gz")
    if data:
        with tar_errors(f"{home}/scripts.tar"), tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive:
                match = _SCRIPT.fullmatch(member.name)
                content = archive.extractfile(member) if member.isreg() else None
                if match and content:
                    found[match[2], match[3]] = (match[1], content.read())
    return found


def _fits(folder: str, pattern: str) -> bool:
    """Tell whether a folder is meant by a trigger; `*` stands for anything within a part."""
    parts, patterns = folder.split("/"), pattern.split("/")
    pairs = zip(parts, patterns, strict=False)
    return len(parts) == len(patterns) and all(fnmatch.fnmatchcase(a, b) for a, b in pairs)
