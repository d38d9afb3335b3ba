"""Swift packages that the Swift Package Manager pinned: Package.resolved."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.jsontext import decode, next_line, value_lines
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_SCHEME = r"^(?:[\w+]+://)?(?:[\w.-]+@)?"


class _State(Struct, frozen=True, gc=False):
    version: str | None = None
    branch: str | None = None


class _Pin(Struct, rename={"old_location": "repositoryURL"}):
    identity: str = ""
    location: str = ""
    old_location: str = ""
    state: _State = _State()


class _Pins(Struct, frozen=True):
    pins: list[_Pin] = []


class _Resolved(Struct):
    pins: list[_Pin] = []
    object: _Pins = _Pins()
    """Where version 1 keeps them."""


_RESOLVED = Decoder(_Resolved)


def _analyze(file: File) -> Iterator[Package]:
    """Read the pins of the Swift Package Manager (swiftlang/swift-package-manager), version 1 to 3.

    A package is named by its repository, as OSV does; one of a registry by its identity.
    """
    data = file.read()
    resolved = decode(data, _RESOLVED, file.path)
    lines = {key: value_lines(data, key) for key in ("repositoryURL", "location", "identity")}
    for pin in (*resolved.pins, *resolved.object.pins):
        place = pin.location or pin.old_location
        key = "location" if pin.location else "repositoryURL" if place else "identity"
        name = _name(place) or pin.identity
        version = pin.state.version or pin.state.branch or ""
        line = next_line(lines[key], place or pin.identity)
        if name and version:
            yield Package(file.path, "swift", "swift", name, version, line=line)


def _name(location: str) -> str:
    """Return `github.com/apple/swift-nio` of a repository's address."""
    plain = re.sub(_SCHEME, "", location).rstrip("/").removesuffix(".git")
    host, colon, path = plain.partition(":")
    return f"{host}/{path}" if colon and "/" not in host and not path[:1].isdigit() else plain


swift = Analyzer("swift", 1, ("Package.resolved",), _analyze, reads="locked")
