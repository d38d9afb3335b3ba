"""Alpine's package database (apk-package(5), the `installed` file)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dependencies import Declared, resolved
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Distro, OwnedFiles, Package

# a distribution that has no os-release, told by the package that stands in for it
_OPERATOR = re.compile(r"[<>=~]")
_BASE_LAYOUTS = {"clnstrt-baselayout": ("cleanstart", "CleanStart")}


def analyze(file: File) -> Iterator[Package | OwnedFiles | Distro]:
    """Yield each package, and the files it owns.

    An entry without name or version is an error, after all others were read.
    """
    broken = 0
    found: list[Declared] = []
    others: list[OwnedFiles | Distro] = []
    for entry in file.read().decode("utf-8", "replace").replace("\r", "").split("\n\n"):
        fields, files = _entry(entry)
        if not fields.get("P") or not fields.get("V"):
            broken += bool(entry.strip())
            continue
        needs, provides = _names(fields.get("D", "")), _names(fields.get("p", ""))
        found.append(Declared(_package(file.path, fields), needs, provides))
        if files:
            others.append(OwnedFiles(file.path, fields["P"], files))
        if known := _BASE_LAYOUTS.get(fields["P"]):
            others.append(Distro(file.path, known[0], "", known[1]))
    yield from resolved(found)
    yield from others
    if broken:
        raise MalformedError(f"{broken} entries have no name or no version", file.path)


def _names(relation: str) -> list[str]:
    """Return what a relation names, without versions; what it excludes (`!x`) is left out."""
    return [_OPERATOR.split(word, maxsplit=1)[0] for word in relation.split() if word[0] != "!"]


def _entry(entry: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the fields of an entry, and the files (`R:`) that follow their folders (`F:`)."""
    fields: dict[str, str] = {}
    files: list[str] = []
    folder = ""
    for line in entry.split("\n"):
        key, value = line[:2], line[2:]
        if key == "F:":
            folder = value
        elif key == "R:":
            files.append(f"{folder}/{value}" if folder else value)
        elif key[1:] == ":" and key[0].isalpha():
            fields.setdefault(key[0], value)
    return fields, tuple(files)


def _package(path: str, fields: dict[str, str]) -> Package:
    return Package(
        path,
        "apk",
        "apk",
        fields["P"],
        fields["V"],
        fields.get("A", ""),
        fields.get("o") or fields["P"],
        fields["V"],
        tuple(part for part in fields.get("L", "").split(" AND ") if part),
        fields.get("m", ""),
    )


apk = Analyzer("apk", 1, ("/lib/apk/db/installed", "/usr/lib/apk/db/installed"), analyze)
