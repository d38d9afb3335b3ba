"""A package of npm put in the place of an installed one, in a layer.

https://docs.npmjs.com/cli/configuring-npm/package-json. None of it is run.
"""

from __future__ import annotations

import base64
import hashlib
import io
import posixpath
import tarfile
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import json

from pratique.codecs import tar
from pratique.codecs.bytestream import ByteStream
from pratique.codecs.compression import inflate
from pratique.errors import DigestMismatch, LimitExceeded, MalformedError
from pratique.patch.layer import LayerWriter
from pratique.patch.model import Refused
from pratique.patch.nodetrees import manifest_of
from pratique.patch.root import Node, Root

_LARGEST, _MOST = 256 << 20, 50_000
_RUN = ("preinstall", "install", "postinstall")
_ENDINGS = ("", ".js", ".json", ".node", ".cjs", "/index.js", "/index.json", "/index.node")


class Tarball:
    """The files of a package."""

    def __init__(self, data: bytes, where: str) -> None:
        """Raise MalformedError for what is no package, or has paths that lead out of it."""
        self.where = where
        self.files: dict[str, tuple[bytes, int]] = {}
        """Content and mode by path."""
        self._link = ""
        """A path that is no file; npm packs none."""
        stream = ByteStream(inflate(iter([data]), where), where)
        size = 0
        for member in tar.walk(stream):
            size += member.size
            if size > _LARGEST or len(self.files) > _MOST:
                raise LimitExceeded(f"{where}: more than {_LARGEST} bytes or {_MOST} files")
            path = self._path(member.name.decode("utf-8", "replace"))
            if member.kind == "file" and path:
                mode = (member.mode | 0o644) & 0o755
                self.files[path] = b"".join(tar.content(stream, member)), mode
            elif member.kind not in ("file", "directory"):
                self._link = path
        stream.drain()
        self._check_folders()
        manifest = manifest_of(self.files.get("package.json", (b"", 0))[0])
        if manifest is None:
            raise MalformedError("it has no package.json", where)
        self.manifest: Mapping[str, Any] = manifest

    def _path(self, name: str) -> str:
        parts = name.split("/")
        if (
            name.startswith("/")
            or ".." in parts
            or "\\" in name
            or "\0" in name
            or any(part.startswith(".wh.") for part in parts)
        ):
            raise MalformedError(f"{name!r} leads out of the package", self.where)
        return "/".join(part for part in parts if part not in ("", ".")).partition("/")[2]

    def _check_folders(self) -> None:
        for path in self.files:
            parent = posixpath.dirname(path)
            while parent:
                if parent in self.files:
                    raise MalformedError(f"{parent!r} is a file and a folder", self.where)
                parent = posixpath.dirname(parent)

    def check(self, name: str, version: str) -> None:
        """Raise Refused where something would have to run, MalformedError for another package."""
        said = (self.manifest.get("name"), str(self.manifest.get("version")).removeprefix("v"))
        if said != (name, version):
            raise MalformedError(f"it is {said[0]} {said[1]}, not {name} {version}", self.where)
        scripts = self.manifest.get("scripts")
        for script in _RUN:
            if isinstance(scripts, dict) and scripts.get(script):
                raise Refused(f"{name} {version} runs a script when it is installed ({script})")
        if self._link:
            raise Refused(f"{name} {version} has a link or a device in it ({self._link})")
        if "binding.gyp" in self.files or self.manifest.get("gypfile") is True:
            raise Refused(f"{name} {version} has to be compiled")
        if any(path.startswith("node_modules/") for path in self.files):
            raise Refused(f"{name} {version} brings packages of its own")

    def has_main(self) -> bool:
        """Tell whether what `require` takes is there, as far as `main` says."""
        main = self.manifest.get("main")
        if not isinstance(main, str) or not main or self.manifest.get("exports"):
            return True
        path = posixpath.normpath(main).removeprefix("./").rstrip("/")
        return path == "." or any(f"{path}{ending}" in self.files for ending in _ENDINGS)

    def bins(self) -> dict[str, str]:
        return bins_of(self.manifest)

    def check_place(self, folder: str, root: Root) -> None:
        """Raise Refused where links or folders of the image are in the way."""
        if root.resolve(f"{folder}/x") != f"{folder}/x":
            raise Refused("its folder is a link")
        for path in self.files:
            full = f"{folder}/{path}"
            node = root.nodes.get(full)
            if root.resolve(full) != full or (node and node.kind == "directory"):
                raise Refused(f"/{full} is in the way")
            parent = posixpath.dirname(full)
            while parent != folder:
                node = root.nodes.get(parent)
                if node and node.kind != "directory":
                    raise Refused(f"/{parent} is in the way")
                parent = posixpath.dirname(parent)

    def put(self, folder: str, root: Root, layer: LayerWriter) -> int:
        """Write its files into a folder; return the size of those that it had before."""
        programs = set(self.bins().values())
        owner = root.nodes.get(f"{folder}/package.json") or root.nodes.get(_existing(folder, root))
        old = own_files(folder, root)
        for path, (data, mode) in sorted(self.files.items()):
            own = 0o755 if path in programs else mode
            _write(f"{folder}/{path}", data, own, owner or Node("file", 0, 0, 0, 0), layer)
        _remove(old, root, layer)
        return sum(root.nodes[path].size for path in old if root.nodes[path].kind == "file")

    def link(self, folder: str, before: Mapping[str, str], root: Root, layer: LayerWriter) -> None:
        """Renew the links to its programs."""
        links = _links_of(folder)
        for name in sorted(before.keys() | self.bins().keys()):
            place, target = f"{links}/{name}", self.bins().get(name, "")
            node = root.nodes.get(place)
            leads = _leads(links, node) if node else ""
            if node and not (node.kind == "symlink" and leads.startswith(f"{folder}/")):
                continue
            if not target and node:
                layer.remove(place)
            elif target and leads != f"{folder}/{target}":
                info = tarfile.TarInfo(place)
                info.type, info.mode, info.mtime = tarfile.SYMTYPE, 0o777, layer.now
                info.linkname = posixpath.relpath(f"/{folder}/{target}", f"/{links}")
                layer.put(info)


def unlink(folder: str, root: Root, layer: LayerWriter) -> None:
    """Take away the links to the programs of a package that goes."""
    links = _links_of(folder)
    for name in sorted(root.children(links)):
        node = root.nodes[f"{links}/{name}"]
        if node.kind == "symlink" and _leads(links, node).startswith(f"{folder}/"):
            layer.remove(f"{links}/{name}")


def _links_of(folder: str) -> str:
    return folder.rpartition("node_modules/")[0] + "node_modules/.bin"


def _leads(links: str, node: Node) -> str:
    return posixpath.normpath(posixpath.join(links, node.link))


def verify(data: bytes, integrity: str, url: str) -> None:
    """Raise DigestMismatch where bytes have not the SHA-512 that a registry names (W3C's SRI);
    Refused where it names none.
    """
    wanted = [word.partition("-")[2] for word in integrity.split() if word.startswith("sha512-")]
    if not wanted:
        raise Refused(f"the registry names no SHA-512 of {url.rpartition('/')[2]}")
    found = base64.b64encode(hashlib.sha512(data).digest()).decode()
    if found not in [word.partition("?")[0] for word in wanted]:
        instead = f"{found} instead of {' or '.join(wanted)}"
        raise DigestMismatch(f"{url} is not what the registry names (SHA-512 {instead})")


def bins_of(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of a package's programs and their files; none that lead out of it."""
    found = manifest.get("bin")
    name = str(manifest.get("name") or "").rpartition("/")[2]
    if isinstance(found, str):
        found = {name: found}
    if not isinstance(found, dict):
        return {}
    clean = {
        key: posixpath.normpath(path).removeprefix("./") for key, path in found.items()
        if isinstance(path, str) and key and "/" not in key and key not in (".", "..")
    }  # fmt: skip
    return {key: path for key, path in clean.items() if not path.startswith(("/", ".."))}


def is_module(manifest: Mapping[str, Any]) -> bool:
    """Tell whether a package says that it is of ES modules, and offers nothing for `require`.

    https://nodejs.org/api/packages.html#conditional-exports
    """
    offered = json.encode([manifest.get("exports"), manifest.get("main")])
    words = (b'"require"', b'"node-addons"', b".cjs", b".json")
    return manifest.get("type") == "module" and not any(word in offered for word in words)


def own_files(folder: str, root: Root) -> list[str]:
    """Return what a package has in its folder, without the packages that are in it."""
    found, waiting = [], [folder]
    while waiting:
        here = waiting.pop()
        for name in root.children(here):
            path = f"{here}/{name}"
            if path == f"{folder}/node_modules":
                continue
            found.append(path)
            if root.nodes[path].kind == "directory":
                waiting.append(path)
    return sorted(found)


def _remove(old: Iterable[str], root: Root, layer: LayerWriter) -> None:
    """Take away what only the version before has."""
    gone: set[str] = set()
    for path in sorted(old, key=lambda path: -path.count("/")):
        names = root.children(path)
        is_whole = all(f"{path}/{name}" in gone for name in names)
        if path not in layer.written and is_whole:
            gone.add(path)
    for path in sorted(gone):
        if path.rpartition("/")[0] not in gone:
            layer.remove(path)


def _existing(folder: str, root: Root) -> str:
    while folder and folder not in root.nodes:
        folder = folder.rpartition("/")[0]
    return folder


def _write(path: str, data: bytes, mode: int, owner: Node, layer: LayerWriter) -> None:
    info = tarfile.TarInfo(path)
    info.mode, info.uid, info.gid = mode, owner.uid, owner.gid
    info.size, info.mtime = len(data), layer.now
    layer.put(info, io.BytesIO(data))
