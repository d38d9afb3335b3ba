"""SBOMs of every format as one kind of document, which each format is written from and read into.

A report becomes a document (`export`), which a format's module writes down; a format's module reads
a document, which becomes inventories again (`inventories`). Names of properties are those of Trivy
(`SrcName`, `LayerDiffID`), which CycloneDX has under `aquasecurity:trivy:` and SPDX in annotations;
ours begin with `pratique:`.
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct, json

Kind = Literal["image", "directory", "system", "application", "package", "other"]
CORRECTED = "pratique:package"
"""The property that says what of a package its standard fields cannot: a JSON object."""
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_ESCAPED = re.compile(r"[<\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_NOT_STATED = ("NOASSERTION", "NONE")  # what these mean in SPDX, wherever they stand
_TAG = re.compile(r"<(/?text)>")


class Component(Struct, frozen=True):
    """An image, its operating system, a file that holds packages, or a package."""

    ref: str
    """Unique in its document."""
    kind: Kind
    name: str
    """In full, as its ecosystem writes it; `group` is what of it a format puts apart."""
    group: str = ""
    version: str = ""
    purl: str = ""
    cpe: str = ""
    supplier: str = ""
    licenses: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    """`sha256:<hex>`"""
    location: str = ""
    """The file it was found in, relative to the root."""
    line: int = 0
    source: str = ""
    """Name and version of the source package, as SPDX's sourceInfo has them."""
    development: bool = False
    properties: tuple[tuple[str, str], ...] = ()


class Edge(Struct, frozen=True, gc=False):
    """One component contains others, or needs them."""

    of: str
    what: Literal["contains", "depends"]
    to: tuple[str, ...]


class Document(Struct, frozen=True):
    """An SBOM."""

    name: str
    created: str
    """RFC 3339."""
    roots: tuple[str, ...]
    """What it is about, by reference."""
    components: tuple[Component, ...]
    edges: tuple[Edge, ...] = ()
    tool: str = ""
    """Name and version of what made it, joined by a hyphen."""


def clean(text: str) -> str:
    """Return a text as every format can carry it: one line, no control characters, stripped."""
    plain = _TAG.sub(r"[\1]", _UNSAFE.sub("\ufffd", text)).strip()
    return plain.lower() if plain in _NOT_STATED else plain


def exact(value: object) -> str:
    """Return a value as JSON that every format can carry without a change."""
    text = json.encode(value).decode()
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def values(component: Component, name: str) -> list[str]:
    """Return all values of a property."""
    return [value for key, value in component.properties if key == name]


def value(component: Component, *names: str) -> str:
    """Return the first value of the first of some properties that has one, else nothing."""
    return next((v for name in names for v in values(component, name) if v), "")
