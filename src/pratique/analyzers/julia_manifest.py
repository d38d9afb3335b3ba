"""Julia packages that Pkg resolved: Manifest.toml."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, ValidationError, convert

from pratique.codecs import tomltext
from pratique.codecs.beside import beside
from pratique.codecs.lock_graph import by_name, named, relation
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_ENTRY = re.compile(r"^\[\[(?:deps\.)?([^\]\n]+)\]\]", re.MULTILINE)


class _Entry(Struct):
    uuid: str = ""
    version: str = ""
    deps: dict[str, str] | list[str] = []
    """Names, or names and UUIDs where a name alone is not clear."""


# at import: msgspec 0.22 may crash where threads are the first to use a type
convert({}, dict[str, list[_Entry]])


def _analyze(file: File) -> Iterator[Package]:
    """Read a manifest of Pkg (pkgdocs.julialang.org, toml-files), format 1 and 2.

    A package without a version is of Julia's standard library, and as old as Julia itself.
    """
    text = file.read().decode("utf-8-sig", "replace")
    document = tomltext.decode(text, dict[str, object], file.path)
    julia = str(document.get("julia_version", ""))
    is_new = "manifest_format" in document or "deps" in document
    try:
        tables = convert(
            document.get("deps", {}) if is_new else _tables(document), dict[str, list[_Entry]]
        )
    except ValidationError as error:
        raise MalformedError(str(error), file.path) from error
    entries = [(name, one, one.version or julia) for name, ones in tables.items() for one in ones]
    known = by_name((name, version) for name, _, version in entries if version)
    exact = {one.uuid: (f"{name}@{version}",) for name, one, version in entries if version}
    lines = _lines(text)
    asked = _asked(beside(file, "Project.toml"))
    for name, one, version in entries:
        if version:
            # by their UUIDs where these are told
            needs = named(one.deps.values(), exact) if isinstance(one.deps, dict) else ()
            yield Package(
                file.path, "julia", "julia", name, version, line=next(lines.get(name, _NONE), 0),
                relation=relation(name, asked),
                depends=needs or named(one.deps, known),
            )  # fmt: skip


def _asked(project: bytes | None) -> set[str]:
    try:
        text = (project or b"").decode("utf-8-sig", "replace")
        names = tomltext.decode(text, dict[str, object], "").get("deps")
    except MalformedError:
        return set()
    return set(names) if isinstance(names, dict) else set()


_NONE: Iterator[int] = iter(())


def _tables(document: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in document.items() if isinstance(value, list)}


def _lines(text: str) -> dict[str, Iterator[int]]:
    lines: dict[str, list[int]] = {}
    line, position = 1, 0
    for match in _ENTRY.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        lines.setdefault(match[1].strip("\"'"), []).append(line)
    return {name: iter(found) for name, found in lines.items()}


julia_manifest = Analyzer("julia", 1, ("Manifest.toml",), _analyze, reads="both")
