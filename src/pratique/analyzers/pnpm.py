"""Node packages that pnpm locked: pnpm-lock.yaml."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator

from pratique.codecs.digests import digests
from pratique.codecs.lock_graph import merged, reachable, relation
from pratique.codecs.npm_names import split
from pratique.codecs.yamltext import Map, mapping, maps, read_documents, text
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_RUN, _DEV = ("dependencies", "optionalDependencies"), ("devDependencies",)
# of `/@scope/name/1.0.0_peer@2.0.0`, or of the same with a registry's host before it
_OLD_KEY = re.compile(r"[^/]*/((?:@[^/]+/)?[^/@]+)/(\d[^/_(]*)(?:[_(].*)?")


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of pnpm (https://github.com/pnpm/spec, lockfile), version 5 to 9.

    Until version 6 it says what is for development; later that is what nothing else leads to.
    """
    for document in read_documents(file.read(), file.path):
        if not isinstance(document, Map):
            raise MalformedError("a mapping is expected", file.path)
        yield from merged(_document(document, file.path))


def _document(lock: Map, path: str) -> Iterator[Package]:
    packages = mapping(lock.get("packages"))
    # in version 9 what needs what stands apart, once for each set of peers
    graph = dict(maps(lock.get("snapshots"))) or dict(maps(packages))
    places = {key: key if key in packages else _plain(key) for key in graph}
    edges = {key: set(_needs(entry, _RUN, graph)) for key, entry in graph.items()}
    importers = [lock, *(importer for _, importer in maps(lock.get("importers")))]
    run = {key for one in importers for key in _needs(one, _RUN, graph)}
    direct = run | {key for one in importers for key in _needs(one, _DEV, graph)}
    needed = reachable(run, edges)
    is_old = text(lock.get("lockfileVersion")).startswith("5")
    names = {
        key: _identity(key, mapping(packages.get(places[key])), is_old=is_old) for key in graph
    }
    for key, (name, version) in names.items():
        if name and version:
            entry = mapping(packages.get(places[key]))
            dev = text(entry.get("dev"))
            yield Package(
                path, "pnpm", "npm", name, version, relation=relation(key, direct),
                dev=dev == "true" if dev else bool(direct) and key not in needed,
                line=packages.lines.get(places[key], 0),
                depends=tuple(sorted({"@".join(names[need]) for need in edges[key]})),
                hashes=digests([text(mapping(entry.get("resolution")).get("integrity"))]),
            )  # fmt: skip


def _needs(entry: Map, members: Iterable[str], graph: Container[str]) -> Iterator[str]:
    """Yield the keys of what an entry needs; what is linked or left out has none."""
    for member in members:
        for name, value in mapping(entry.get(member)).items():
            wanted = text(value.get("version")) if isinstance(value, Map) else text(value)
            # versions 9, 6 and 5 of the format, and for what has another name or place
            keys = (f"{name}@{wanted}", f"/{name}@{wanted}", f"/{name}/{wanted}", wanted)
            found = next((key for key in keys if key in graph), "")
            if found:
                yield found


def _plain(key: str) -> str:
    """Return a key without the peers that it was resolved with: `name@1.0.0(peer@2.0.0)`."""
    return key.partition("(")[0] if key.endswith(")") else key


def _identity(key: str, entry: Map, *, is_old: bool) -> tuple[str, str]:
    name, version = text(entry.get("name")), text(entry.get("version"))
    if name and version:
        return name, version
    plain = _plain(key)
    if is_old:
        match = _OLD_KEY.fullmatch(plain)
        written = (match[1], match[2]) if match else ("", "")
    else:
        written = split(plain.removeprefix("/"))
        if ":" in written[1]:  # the address of an archive or a repository
            written = (written[0], "")
    return name or written[0], version or written[1]


pnpm = Analyzer("pnpm", 1, ("pnpm-lock.yaml",), _analyze, reads="locked")
