"""Node packages that npm's lock file names: package-lock.json, npm-shrinkwrap.json."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec import Raw, Struct
from msgspec.json import Decoder
from msgspec.structs import replace

from pratique.codecs.digests import digests
from pratique.codecs.jsontext import decode, next_line, object_lines
from pratique.codecs.licensetext import license_names
from pratique.codecs.lock_graph import merged
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_FOLDER = "node_modules/"
_BELOW = "/node_modules/"
_ALIAS = "npm:"
_LOCAL = "file:"
_DEEPEST = 100


class _Entry(Struct, rename="camel"):
    """An entry of `packages` (lockfileVersion 2 and 3); the key is where it is installed."""

    name: str = ""
    """Only where the folder is not named like the package: an alias, a workspace."""
    version: str = ""
    resolved: object = None
    integrity: object = None
    link: bool = False
    dev: bool = False
    license: object = None
    licenses: object = None
    dependencies: dict[str, object] = {}
    dev_dependencies: dict[str, object] = {}
    optional_dependencies: dict[str, object] = {}
    peer_dependencies: dict[str, object] = {}


class _Legacy(Struct):
    """An entry of `dependencies` (lockfileVersion 1); the key is its name or an alias."""

    version: str = ""
    integrity: object = None
    dev: bool = False
    requires: object = None
    dependencies: dict[str, _Legacy] = {}


class _Lock(Struct):
    packages: dict[str, _Entry] = {}
    dependencies: Raw = Raw(b"{}")


_LOCK = Decoder(_Lock)
_LEGACY = Decoder(dict[str, _Legacy])


class _Installed(Struct):
    """A package at its place, of whichever version of the format."""

    key: str
    """The member's name in the file."""
    package: Package
    needs: Collection[str] = ()


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of npm (docs.npmjs.com, package-lock.json), lockfileVersion 1 to 3.

    One that a dependency was published with says nothing of what is asked for here.
    """
    if _BELOW in f"/{file.path}":
        return
    data = file.read()
    lock = decode(data, _LOCK, file.path)
    if lock.packages:
        found = dict(_installed(lock.packages, file.path))
        links = {place: str(e.resolved or "") for place, e in lock.packages.items() if e.link}
    else:
        legacy = decode(bytes(lock.dependencies), _LEGACY, file.path)
        found, links = dict(_nested(legacy, file.path)), {}
    lines = object_lines(data)
    yield from merged(
        replace(
            one.package,
            line=next_line(lines, one.key),
            depends=tuple(sorted(_resolved(place, one.needs, found, links))),
        )
        for place, one in found.items()
    )


def _installed(entries: dict[str, _Entry], path: str) -> Iterator[tuple[str, _Installed]]:
    direct = frozenset(f"{_FOLDER}{name}" for name in _all(entries.get("", _Entry())))
    for key, entry in entries.items():
        if _FOLDER not in key:
            continue
        place, relation = key, "direct" if key in direct else "indirect"
        if entry.link:
            # a workspace or a folder elsewhere: what it is stands at its own path
            place, relation = str(entry.resolved or key), "workspace"
        found = entries.get(place, entry)
        if found.version or (entry.link and found is not entry):
            name = found.name or key.rpartition(_FOLDER)[2]
            package = Package(
                path, "npm", "npm", name, found.version, relation=relation, dev=found.dev,
                licenses=license_names(found.license, found.licenses),
                hashes=digests([str(found.integrity or "")]),
            )  # fmt: skip
            needs = _all(found) if entry.link else _needs(found)
            yield place, _Installed(place, package, needs)


def _needs(entry: _Entry) -> set[str]:
    return {*entry.dependencies, *entry.optional_dependencies, *entry.peer_dependencies}


def _all(entry: _Entry) -> set[str]:
    return _needs(entry) | set(entry.dev_dependencies)


def _nested(entries: dict[str, _Legacy], path: str) -> Iterator[tuple[str, _Installed]]:
    pending = [(_FOLDER + key, entry) for key, entry in reversed(entries.items())]
    while pending:
        place, entry = pending.pop()
        key = place.rpartition(_FOLDER)[2]
        name, version, relation = key, entry.version, ""
        if version.startswith(_ALIAS):
            name, _, version = version.removeprefix(_ALIAS).rpartition("@")
        elif version.startswith(_LOCAL):
            version, relation = "", "workspace"
        if name and (version or relation):
            package = Package(
                path, "npm", "npm", name, version, dev=entry.dev, relation=relation,
                hashes=digests([str(entry.integrity or "")]),
            )  # fmt: skip
            needs = entry.requires if isinstance(entry.requires, dict) else ()
            yield place, _Installed(key, package, needs)
        pending += [(f"{place}/{_FOLDER}{k}", e) for k, e in reversed(entry.dependencies.items())]


def _resolved(
    place: str, needs: Iterable[str], found: dict[str, _Installed], links: dict[str, str]
) -> set[str]:
    """Find what a package needs as Node does: in its own folder, then in those around it."""
    folders = [place]
    while folders[-1] and len(folders) < _DEEPEST:
        inner, below, _ = folders[-1].rpartition(_BELOW)
        folders.append(inner if below else "")
    ids = set()
    for name in needs:
        for folder in folders:
            at = f"{folder}/{_FOLDER}{name}" if folder else _FOLDER + name
            if one := found.get(links.get(at, at)):
                ids.add(f"{one.package.name}@{one.package.version}")
                break
    return ids


npm_lock = Analyzer(
    "npm", 1, ("package-lock.json", "npm-shrinkwrap.json"), _analyze, reads="locked"
)
