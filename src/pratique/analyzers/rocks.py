"""Manifests of the Debian packages in Ubuntu's images that have no package database.

Chisel's (https://documentation.ubuntu.com/chisel/en/latest/reference/manifest/) knows files but
no source packages; that of rocks is a list of dpkg-query's.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import DecodeError, Struct
from msgspec.json import Decoder

from pratique.codecs.compression import inflate
from pratique.errors import LimitExceeded, MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import OwnedFiles, Package

_MOST_BYTES = 256 << 20
_NO_SOURCE = "its manifest names no source package: advisories under that name are not seen"


class _Line(Struct, gc=False):
    kind: str = ""
    name: str = ""
    version: str = ""
    arch: str = ""
    sha256: str = ""
    slice: str = ""
    path: str = ""


_LINE = Decoder(_Line)


def wall(file: File) -> Iterator[Package | OwnedFiles]:
    """Yield the packages of a `manifest.wall`, and the files of their slices.

    A line that is no JSON object is an error, after all others were read.
    """
    files: dict[str, list[str]] = {}
    broken = 0
    for text in _inflated(file).splitlines():
        try:
            line = _LINE.decode(text)
        except (DecodeError, UnicodeDecodeError):
            broken += 1
            continue
        if line.kind == "package" and line.name and line.version:
            hashes = (f"sha256:{line.sha256}",) if line.sha256 else ()
            yield Package(
                file.path, "chisel", "deb", line.name, line.version.removeprefix("0:"), line.arch,
                hashes=hashes, remarks=(_NO_SOURCE,),
            )  # fmt: skip
        elif line.kind == "content" and not line.path.endswith("/"):
            # a slice is PACKAGE_SLICE, and neither part has an underscore
            files.setdefault(line.slice.partition("_")[0], []).append(line.path.lstrip("/"))
    for owner, paths in files.items():
        yield OwnedFiles(file.path, owner, tuple(dict.fromkeys(paths)))
    if broken:
        raise MalformedError(f"{broken} lines are no JSON", file.path)


def _inflated(file: File) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in inflate(iter([file.read()]), file.path):
        size += len(part)
        if size > _MOST_BYTES:
            raise LimitExceeded(f"{file.path}: inflates to more than {_MOST_BYTES} bytes")
        parts.append(part)
    data = b"".join(parts)
    if data[:11] != b'{"jsonwall"':
        raise MalformedError("does not begin as a manifest of Chisel's does", file.path)
    return data


def query(file: File) -> Iterator[Package]:
    """Yield the packages after `# dpkg-query`: state, name, version, source and its version."""
    broken = 0
    text = file.read().decode("utf-8", "replace")
    for line in text.partition("# dpkg-query")[2].splitlines():
        fields = line.strip().split(",")
        if fields == [""] or fields[0].strip()[1:2] in ("n", "c"):
            continue
        if len(fields) != 5 or not fields[1] or not fields[2]:
            broken += 1
            continue
        name, _, arch = fields[1].partition(":")
        version, source_version = (v.removeprefix("0:") for v in (fields[2], fields[4]))
        yield Package(
            file.path, "dpkg-query", "deb", name, version, arch, fields[3] or name,
            source_version or version,
        )  # fmt: skip
    if broken:
        raise MalformedError(f"{broken} lines are not of five fields", file.path)


chisel = Analyzer("chisel", 1, ("manifest.wall",), wall)
rocks = Analyzer("dpkg-query", 1, ("/usr/share/rocks/dpkg.query",), query)
