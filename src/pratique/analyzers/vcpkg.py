"""C and C++ packages of vcpkg: what it installed, and what a manifest pins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.jsontext import decode, next_line, value_lines
from pratique.codecs.lock_graph import by_name, merged, named
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_FIELD = re.compile(r"^([A-Za-z-]+):[ \t]*(.*)", re.MULTILINE)
_INSTALLED = "install ok installed"
_VERSIONS = ("version", "version-semver", "version-date", "version-string")


class _Manifest(Struct):
    overrides: list[dict[str, object]] = []


_MANIFEST = Decoder(_Manifest)


def _installed(file: File) -> Iterator[Package]:
    """Read vcpkg's status file (learn.microsoft.com/vcpkg), paragraphs as dpkg's; later ones count.

    A paragraph that names a feature is of a package that has one of its own.
    """
    found: dict[tuple[str, str], tuple[dict[str, str], int]] = {}
    text = file.read().decode("utf-8", "replace").replace("\r\n", "\n")
    line, position = 1, 0
    for paragraph in re.finditer(r"(?:.+\n?)+", text):
        line += text.count("\n", position, paragraph.start())
        position = paragraph.start()
        fields = dict(_FIELD.findall(paragraph[0]))
        if fields.get("Package") and fields.get("Version") and "Feature" not in fields:
            found[fields["Package"], fields.get("Architecture", "")] = fields, line
    there = [one for one in found.values() if one[0].get("Status") == _INSTALLED]
    known = by_name({(fields["Package"], _version(fields)): 0 for fields, _ in there})
    for fields, at in there:
        needs = (need.partition(":")[0].strip() for need in fields.get("Depends", "").split(","))
        yield Package(
            file.path, "vcpkg", "vcpkg", fields["Package"], _version(fields), line=at,
            arch=fields.get("Architecture", ""), depends=named(needs, known),
        )  # fmt: skip


def _version(fields: dict[str, str]) -> str:
    port = fields.get("Port-Version", "0")
    return fields["Version"] if port in ("", "0") else f"{fields['Version']}#{port}"


def _pinned(file: File) -> Iterator[Package]:
    """Read a manifest's overrides: its other versions are minima, and the baseline decides."""
    data = file.read()
    lines = value_lines(data, "name")
    yield from merged(
        Package(
            file.path, "vcpkg-manifest", "vcpkg", name, version, relation="direct",
            line=next_line(lines, name),
        )
        for override in decode(data, _MANIFEST, file.path).overrides
        if isinstance(name := override.get("name"), str)
        and isinstance(version := next(filter(None, map(override.get, _VERSIONS)), None), str)
    )  # fmt: skip


vcpkg = Analyzer("vcpkg", 1, ("vcpkg/status",), _installed)
vcpkg_manifest = Analyzer("vcpkg-manifest", 1, ("vcpkg.json",), _pinned, reads="locked")
