"""Node packages that Bun locked: bun.lock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct, ValidationError, convert
from msgspec.json import Decoder

from pratique.codecs.digests import digests
from pratique.codecs.jsonc import plain
from pratique.codecs.jsontext import decode
from pratique.codecs.lock_graph import merged, reachable, relation
from pratique.codecs.npm_names import split
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_ENTRY = rb'(?m)^[ \t]*"([^"\\\n]+)":[ \t]*\['
_WORKSPACE = "workspace:"
_ROOT = "root:"
_BINARY = ".lockb"
_DEEPEST = 100


class _Needs(Struct, frozen=True, rename="camel"):
    """The project, one of its workspaces, or what a package says of itself."""

    version: str = ""
    dependencies: dict[str, object] = {}
    dev_dependencies: dict[str, object] = {}
    optional_dependencies: dict[str, object] = {}
    peer_dependencies: dict[str, object] = {}
    optional_peers: list[str] = []
    """Those of the peers that may be missing: others have them installed, if they are."""

    @property
    def run(self) -> set[str]:
        peers = self.peer_dependencies.keys() - self.optional_peers
        return {*self.dependencies, *self.optional_dependencies, *peers}


class _Lock(Struct):
    workspaces: dict[str, _Needs] = {}
    packages: dict[str, list[object]] = {}
    """By the place in node_modules, `parent/name`: `name@version`, then more by its kind."""


class _Entry(Struct):
    name: str
    version: str
    needs: _Needs
    own: bool = False
    hashes: tuple[str, ...] = ()


_LOCK = Decoder(_Lock)
_NOTHING = _Needs()


def _analyze(file: File) -> Iterator[Package]:
    """Read a text lock file of Bun (https://bun.com/docs/pm/lockfile), version 0 and 1."""
    if file.path.endswith(_BINARY):
        raise MalformedError(
            "a binary lock file is not read; `bun install --save-text-lockfile` makes it text",
            file.path,
        )
    data = file.read()
    lock = decode(plain(data), _LOCK, file.path)
    entries = {place: _entry(values, lock) for place, values in lock.packages.items()}
    edges = {
        place: set(_found(place, one.needs.run, entries)) for place, one in entries.items()
    }  # fmt: skip
    projects = lock.workspaces.values()
    run = {place for one in projects for place in _found("", one.run, entries)}
    dev = {place for one in projects for place in _found("", one.dev_dependencies, entries)}
    needed = reachable(run, edges)
    ids = {place: f"{one.name}@{one.version}" for place, one in entries.items()}
    lines = _lines(data)
    yield from merged(
        Package(
            file.path, "bun", "npm", one.name, one.version, line=lines.get(place, 0),
            relation="workspace" if one.own else relation(place, run | dev),
            dev=bool(projects) and not one.own and place not in needed, hashes=one.hashes,
            depends=tuple(sorted({ids[need] for need in edges[place]})),
        )
        for place, one in entries.items()
        if one.name and (one.version or one.own) and one.version != _ROOT
    )  # fmt: skip


def _entry(values: list[object], lock: _Lock) -> _Entry:
    """Read `[name@version, registry, {dependencies …}, integrity]`, shorter for other sources."""
    texts = [value for value in values if isinstance(value, str)]
    name, version = split(texts[0]) if texts else ("", "")
    if version.startswith(_WORKSPACE):
        own = lock.workspaces.get(version.removeprefix(_WORKSPACE), _NOTHING)
        return _Entry(name, own.version, own, own=True)
    needs = next((value for value in values if isinstance(value, dict)), {})
    try:
        return _Entry(name, version, convert(needs, _Needs), hashes=digests(texts[1:]))
    except ValidationError:
        return _Entry(name, version, _NOTHING, hashes=digests(texts[1:]))


def _found(place: str, names: Iterable[str], entries: dict[str, _Entry]) -> Iterator[str]:
    """Find what is needed as Node does: below its own place, then below those around it."""
    folders = [place]
    while folders[-1] and len(folders) < _DEEPEST:
        folders.append("/".join(folders[-1].split("/")[:-1]))
    for name in names:
        keys = (f"{folder}/{name}" if folder else name for folder in folders)
        found = next((key for key in keys if key in entries), None)
        if found is not None:
            yield found


def _lines(data: bytes) -> dict[str, int]:
    lines, line, position = dict[str, int](), 1, 0
    for match in re.finditer(_ENTRY, data):
        line += data.count(b"\n", position, match.start(1))
        position = match.start(1)
        lines[match[1].decode("utf-8", "replace")] = line
    return lines


bun = Analyzer("bun", 1, ("bun.lock", "bun.lockb"), _analyze, reads="locked")
