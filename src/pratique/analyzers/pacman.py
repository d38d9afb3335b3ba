"""Arch Linux's package database: a folder a package in `local` (libalpm's own format)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import OwnedFiles, Package

_SECTION = re.compile(r"^%([A-Z0-9]+)%\n((?:(?!%[A-Z0-9]+%$)[^\n]+(?:\n|$))*)", re.MULTILINE)
_FOLDER = re.compile(r"(.+)-[^-]+-[^-]+")


def analyze(file: File) -> Iterator[Package]:
    """Yield the package of a `desc`; one without name or version is an error."""
    sections = _sections(file)
    name, version = _first(sections, "NAME"), _first(sections, "VERSION")
    if not name or not version:
        raise MalformedError("a package without a name or a version", file.path)
    yield Package(
        file.path, "pacman", "alpm", name, version, _first(sections, "ARCH"),
        _first(sections, "BASE") or name, version, tuple(sections.get("LICENSE", ())),
        _first(sections, "PACKAGER"),
    )  # fmt: skip


def owned(file: File) -> Iterator[OwnedFiles]:
    """Yield the files of a package; its name is that of the folder without the version."""
    match = _FOLDER.fullmatch(file.path.split("/")[-2])
    files = [path for path in _sections(file).get("FILES", ()) if not path.endswith("/")]
    if match and files:
        yield OwnedFiles(file.path, match[1], tuple(files))


def _sections(file: File) -> dict[str, list[str]]:
    text = file.read().decode("utf-8", "replace").replace("\r", "")
    return {name: body.splitlines() for name, body in _SECTION.findall(text)}


def _first(sections: dict[str, list[str]], name: str) -> str:
    return next(iter(sections.get(name, ())), "").strip()


pacman = Analyzer("pacman", 1, ("/var/lib/pacman/local/*/desc",), analyze)
pacman_files = Analyzer("pacman-files", 1, ("/var/lib/pacman/local/*/files",), owned)
