"""A wheel put in the place of an installed package, in a layer.

https://packaging.python.org/en/latest/specifications/binary-distribution-format/

None of it is run.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import posixpath
import re
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from typing import Self

from pratique.codecs.metadata_fields import fields
from pratique.errors import LimitExceeded, MalformedError
from pratique.patch.environments import Environment, Installed
from pratique.patch.layer import LayerWriter
from pratique.patch.root import Node, Root

_LARGEST = 512 << 20
_MOST = 100_000
_SCRIPT = """\
#!{interpreter}
# -*- coding: utf-8 -*-
import re
import sys
from {module} import {top}
if __name__ == '__main__':
    sys.argv[0] = re.sub(r'(-script\\.pyw|\\.exe)?$', '', sys.argv[0])
    sys.exit({call}())
"""
_ENTRY = re.compile(r"\s*([^=#\s]+)\s*=\s*([\w.]+)\s*:\s*([\w.]+)\s*(?:\[[^]]*\])?\s*")
_SECTIONS = ("[console_scripts]", "[gui_scripts]")
_KEPT = ("INSTALLER", "REQUESTED")


class Wheel:
    """A wheel in a file."""

    def __init__(self, path: str, where: str) -> None:
        """Raise MalformedError for what is no wheel, or has paths that lead out of it."""
        self._where = where
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise MalformedError(f"it is no wheel: {error}", where) from error
        names = [info for info in self._zip.infolist() if not info.is_dir()]
        if len(names) > _MOST or sum(info.file_size for info in names) > _LARGEST:
            raise LimitExceeded(f"{where}: more than {_LARGEST} bytes or {_MOST} files")
        for info in names:
            parts = info.filename.split("/")
            if (
                info.filename.startswith("/")
                or ".." in parts
                or "\\" in info.filename
                or any(part.startswith(".wh.") for part in parts)
            ):
                raise MalformedError(f"{info.filename!r} leads out of the wheel", where)
            if stat.S_ISLNK(info.external_attr >> 16):
                raise MalformedError(f"{info.filename!r} is a link", where)
        infos = {info.filename.partition("/")[0] for info in names
                 if info.filename.partition("/")[0].endswith(".dist-info")}  # fmt: skip
        if len(infos) != 1:
            raise MalformedError("it has not one dist-info", where)
        [self.info] = infos
        self._names = [info.filename for info in names]
        self._modes = {info.filename: (info.external_attr >> 16) & 0o777 for info in names}
        self._check()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._zip.close()

    @property
    def metadata(self) -> dict[str, list[str]]:
        return fields(self._read(f"{self.info}/METADATA"))

    def put(self, environment: Environment, old: Installed | None, root: Root,
            layer: LayerWriter) -> None:  # fmt: skip
        """Write its files, and take away what the old version has beside them."""
        written: dict[str, bytes] = {}
        for path, data, mode in self._files(environment):
            written[path] = data
            self._write(path, data, mode, root, layer)
        kept = self._kept(old, root)
        home = f"{environment.site}/{self.info}"
        for name, data in kept.items():
            written[f"{home}/{name}"] = data
            self._write(f"{home}/{name}", data, 0o644, root, layer)
        record = _record(written, environment.site, f"{home}/RECORD")
        self._write(f"{home}/RECORD", record, 0o644, root, layer)
        if old:
            _remove(old, environment, root, layer)

    def _files(self, environment: Environment) -> Iterator[tuple[str, bytes, int]]:
        """Yield where each file goes, its content and mode."""
        base = self.info.removesuffix(".dist-info")
        places = {
            "purelib": environment.site, "platlib": environment.site,
            "scripts": _join(environment.prefix, "bin"), "data": environment.prefix,
            "headers": _join(environment.prefix, "include/python"),
        }  # fmt: skip
        for name in self._names:
            if name == f"{self.info}/RECORD":
                continue
            data, mode = self._read(name), self._modes[name] or 0o644
            if name.startswith(f"{base}.data/"):
                kind, _, rest = name.removeprefix(f"{base}.data/").partition("/")
                if kind not in places:
                    raise MalformedError(f"{name!r} is of an unknown kind", self._where)
                if kind == "scripts":
                    mode, data = 0o755, _shebang(data, environment)
                yield _join(places[kind], rest), data, mode | 0o644
            else:
                yield _join(environment.site, name), data, mode | 0o644
        yield from self._programs(environment)

    def _programs(self, environment: Environment) -> Iterator[tuple[str, bytes, int]]:
        """Yield the scripts that entry points ask for, as pip writes them."""
        if f"{self.info}/entry_points.txt" not in self._names:
            return
        section = ""
        for line in (
            self._read(f"{self.info}/entry_points.txt").decode("utf-8", "replace").splitlines()
        ):
            if line.strip().startswith("["):
                section = line.strip()
            elif section in ("[console_scripts]", "[gui_scripts]") and (
                m := _ENTRY.fullmatch(line)
            ):
                if "/" in m[1] or m[1].startswith("."):
                    raise MalformedError(f"a script is called {m[1]!r}", self._where)
                text = _SCRIPT.format(interpreter=environment.interpreter, module=m[2],
                                      top=m[3].partition(".")[0], call=m[3])  # fmt: skip
                yield _join(environment.prefix, f"bin/{m[1]}"), text.encode(), 0o755

    def _kept(self, old: Installed | None, root: Root) -> dict[str, bytes]:
        kept = {name: data for name in _KEPT
                if old and (data := root.read(f"{old.folder}/{name}")) is not None}  # fmt: skip
        return {"INSTALLER": b"pip\n", **kept}

    def _write(self, path: str, data: bytes, mode: int, root: Root, layer: LayerWriter) -> None:
        real = root.resolve(path)
        node = root.nodes.get(real)
        if node and node.kind == "directory":
            raise MalformedError(f"a directory of the image is in the way of /{path}", self._where)
        beside = node or root.node(posixpath.dirname(path)) or Node("file", 0, 0, 0, 0)
        info = tarfile.TarInfo(real)
        info.mode, info.uid, info.gid = mode, beside.uid, beside.gid
        info.size, info.mtime = len(data), layer.now
        layer.put(info, io.BytesIO(data))

    def _read(self, name: str) -> bytes:
        try:
            return self._zip.read(name)
        except (KeyError, zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise MalformedError(f"{name} cannot be read: {error}", self._where) from error

    def _check(self) -> None:
        """Raise MalformedError where its own RECORD does not agree with its files."""
        rows = csv.reader(self._read(f"{self.info}/RECORD").decode("utf-8", "replace").splitlines())
        listed = {row[0]: row[1] for row in rows if len(row) > 1}
        for name in self._names:
            said = listed.get(name)
            if said is None and name.startswith(f"{self.info}/RECORD"):
                continue
            if said is None:
                raise MalformedError(f"{name!r} is not in its RECORD", self._where)
            if said and said != _sha256(self._read(name)):
                raise MalformedError(f"{name!r} is not what its RECORD says", self._where)


def _remove(old: Installed, environment: Environment, root: Root, layer: LayerWriter) -> None:
    """Take away the files of an old version, by its RECORD, and folders that have no others."""
    text = (root.read(f"{old.folder}/RECORD") or b"").decode("utf-8", "replace")
    gone: set[str] = set()
    for row in csv.reader(text.splitlines()):
        path = posixpath.normpath(_join(environment.site, row[0])) if row else ""
        inside = path.startswith((f"{environment.site}/", _join(environment.prefix, "")))
        if not path or path.startswith("..") or not inside:
            continue
        real = root.resolve(path)
        node = root.nodes.get(real)
        if node and node.kind != "directory" and real not in layer.written:
            gone.add(real)
    info = root.resolve(old.folder)  # what others put there goes as well: it is a package still
    if info in root.nodes and info not in layer.written:
        gone.add(info)
    _with_folders(gone, environment.site, root, layer)
    for real in sorted(gone):
        if not any(f"{above}/" == real[: len(above) + 1] for above in gone):
            layer.remove(real)


def _with_folders(gone: set[str], site: str, root: Root, layer: LayerWriter) -> None:
    """Add the folders below a site of which nothing stays."""
    base = root.resolve(site)
    waiting = {real.rpartition("/")[0] for real in gone}
    while waiting:
        folder = max(waiting, key=len)
        waiting.remove(folder)
        stays = any(f"{folder}/{name}" not in gone for name in root.children(folder))
        if folder.startswith(f"{base}/") and not stays and folder not in layer.written:
            gone.add(folder)
            waiting.add(folder.rpartition("/")[0])


def _shebang(data: bytes, environment: Environment) -> bytes:
    """Give a script the interpreter of the environment, as installers do."""
    if not data.startswith(b"#!python"):
        return data
    _, _, rest = data.partition(b"\n")
    return f"#!{environment.interpreter}\n".encode() + rest


def _record(written: dict[str, bytes], site: str, own: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for path, data in sorted(written.items()):
        writer.writerow([posixpath.relpath(f"/{path}", f"/{site}"), _sha256(data), len(data)])
    writer.writerow([posixpath.relpath(f"/{own}", f"/{site}"), "", ""])
    return out.getvalue().encode()


def _sha256(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"sha256={digest}"


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
