"""Node packages that npm's lock file names: package-lock.json, npm-shrinkwrap.json."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec import Raw, Struct
from msgspec.json import Decoder
from msgspec.structs import replace

from pratique.codecs.beside import beside
from pratique.codecs.digests import digests
from pratique.codecs.jsontext import decode, next_line, object_lines
from pratique.codecs.licensetext import license_names
from pratique.codecs.lock_graph import merged, relation
from pratique.codecs.node_project import read_project
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
    direct: set[str] = set()
    if lock.packages:
        found = dict(_installed(lock.packages, file.path))
        links = {place: str(e.resolved or "") for place, e in lock.packages.items() if e.link}
        own = {place: e for place, e in lock.packages.items() if _FOLDER not in place}
        for place, entry in own.items():
            direct.update(_resolved(place, _all(entry), found, links))
    else:
        legacy = decode(bytes(lock.dependencies), _LEGACY, file.path)
        found, links = dict(_nested(legacy, file.path)), {}
        project = read_project(beside(file, "package.json"))
        direct = {_FOLDER + name for name, _ in (*project.run, *project.dev)} if project else set()
    lines = object_lines(data)
    yield from merged(
        replace(
            one.package,
            line=next_line(lines, one.key),
            relation=one.package.relation or relation(place, direct),
            depends=_ids(_resolved(place, one.needs, found, links), found),
        )
        for place, one in found.items()
    )


def _installed(entries: dict[str, _Entry], path: str) -> Iterator[tuple[str, _Installed]]:
    for key, entry in entries.items():
        if _FOLDER not in key:
            continue
        # a link is to a workspace or a folder elsewhere: what it is stands at its own path
        place = str(entry.resolved or key) if entry.link else key
        found = entries.get(place, entry)
        if found.version or (entry.link and found is not entry):
            package = Package(
                path, "npm", "npm", found.name or key.rpartition(_FOLDER)[2], found.version,
                dev=found.dev, relation="workspace" if entry.link else "",
                licenses=license_names(found.license, found.licenses),
                hashes=digests([str(found.integrity or "")]),
            )  # fmt: skip
            yield place, _Installed(place, package, _all(found) if entry.link else _needs(found))


def _needs(entry: _Entry) -> set[str]:
    return {*entry.dependencies, *entry.optional_dependencies, *entry.peer_dependencies}


def _all(entry: _Entry) -> set[str]:
    return _needs(entry) | set(entry.dev_dependencies)


def _nested(entries: dict[str, _Legacy], path: str) -> Iterator[tuple[str, _Installed]]:
    pending = [(_FOLDER + key, entry) for key, entry in reversed(entries.items())]
    while pending:
        place, entry = pending.pop()
        key = place.rpartition(_FOLDER)[2]
        name, version, role = key, entry.version, ""
        if version.startswith(_ALIAS):
            name, _, version = version.removeprefix(_ALIAS).rpartition("@")
        elif version.startswith(_LOCAL):
            version, role = "", "workspace"
        if name and (version or role):
            package = Package(
                path, "npm", "npm", name, version, dev=entry.dev, relation=role,
                hashes=digests([str(entry.integrity or "")]),
            )  # fmt: skip
            needs = entry.requires if isinstance(entry.requires, dict) else ()
            yield place, _Installed(key, package, needs)
        pending += [(f"{place}/{_FOLDER}{k}", e) for k, e in reversed(entry.dependencies.items())]


def _resolved(
    place: str, needs: Iterable[str], found: dict[str, _Installed], links: dict[str, str]
) -> Iterator[str]:
    """Find what a package needs as Node does: in its own folder, then in those around it."""
    folders = [place]
    while folders[-1] and len(folders) < _DEEPEST:
        inner, below, _ = folders[-1].rpartition(_BELOW)
        folders.append(inner if below else "")
    for name in needs:
        for folder in folders:
            at = f"{folder}/{_FOLDER}{name}" if folder else _FOLDER + name
            if (at := links.get(at, at)) in found:
                yield at
                break


def _ids(places: Iterable[str], found: dict[str, _Installed]) -> tuple[str, ...]:
    packages = (found[place].package for place in places)
    return tuple(sorted({f"{package.name}@{package.version}" for package in packages}))


npm_lock = Analyzer(
    "npm", 1, ("package-lock.json", "npm-shrinkwrap.json"), _analyze, reads="locked"
)
