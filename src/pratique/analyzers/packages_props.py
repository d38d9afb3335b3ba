"""NuGet packages whose versions a .NET solution keeps in one place: Directory.Packages.props."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.markup import Element, elements
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_ITEMS = ("PackageVersion", "PackageReference", "GlobalPackageReference")
_EXACT = r"\[?\s*(\d[\w.+-]*)\s*\]?"
_PROPERTY = r"\$\(([\w.-]+)\)"


def _analyze(file: File) -> Iterator[Package]:
    """Read the file of central package management (learn.microsoft.com/nuget).

    A version in a property of the same file is filled in; ranges and other properties name none.
    """
    properties: dict[str, str] = {}
    inner = ""
    for element in elements(file.read().lstrip(b"\xef\xbb\xbf"), file.path):
        *folders, name = element.path.split("/")
        if folders[-1:] == ["PropertyGroup"]:
            properties[name.lower()] = _filled(element.text, properties)
        elif name == "Version":
            inner = element.text
        elif name in _ITEMS:
            yield from _package(element, inner, properties, file.path)
            inner = ""


def _package(
    element: Element, inner: str, properties: dict[str, str], path: str
) -> Iterator[Package]:
    attributes = element.attributes
    name = attributes.get("Include") or attributes.get("Update") or ""
    version = attributes.get("VersionOverride") or attributes.get("Version") or inner
    name, version = (_filled(text.strip(), properties) for text in (name, version))
    if name and "$" not in name and (match := re.fullmatch(_EXACT, version)):
        dev = element.path.endswith("GlobalPackageReference")
        yield Package(
            path, "packages-props", "nuget", name, match[1], dev=dev, line=element.line
        )  # fmt: skip


def _filled(text: str, properties: dict[str, str]) -> str:
    """Put in the properties that are known; each is filled itself, so one pass is enough."""
    return re.sub(_PROPERTY, lambda m: properties.get(m[1].lower(), m[0]), text)[:1024]


packages_props = Analyzer("packages-props", 1, ("*Packages.props",), _analyze, reads="both")
