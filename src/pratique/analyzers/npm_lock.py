"""Node packages that npm's lock file names: package-lock.json, npm-shrinkwrap.json."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Raw, Struct
from msgspec.json import Decoder
from msgspec.structs import replace

from pratique.codecs.jsontext import decode, next_line, object_lines
from pratique.codecs.licensetext import license_names
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_FOLDER = "node_modules/"
_ALIAS = "npm:"
_LOCAL = "file:"


class _Entry(Struct, rename="camel"):
    """An entry of `packages` (lockfileVersion 2 and 3); the key is where it is installed."""

    name: str = ""
    """Only where the folder is not named like the package: an alias, a workspace."""
    version: str = ""
    resolved: object = None
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
    dev: bool = False
    dependencies: dict[str, _Legacy] = {}


class _Lock(Struct):
    packages: dict[str, _Entry] = {}
    dependencies: Raw = Raw(b"{}")


_LOCK = Decoder(_Lock)
_LEGACY = Decoder(dict[str, _Legacy])


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of npm (docs.npmjs.com, package-lock.json), lockfileVersion 1 to 3.

    One that a dependency was published with says nothing of what is asked for here.
    """
    if f"/{_FOLDER}" in f"/{file.path}":
        return
    data = file.read()
    lock = decode(data, _LOCK, file.path)
    if lock.packages:
        found = _installed(lock.packages)
    else:
        found = _nested(decode(bytes(lock.dependencies), _LEGACY, file.path))
    lines = object_lines(data)
    packages = (
        replace(package, path=file.path, line=next_line(lines, key)) for key, package in found
    )
    yield from _merge(packages)


def _installed(entries: dict[str, _Entry]) -> Iterator[tuple[str, Package]]:
    direct = _direct(entries.get("", _Entry()))
    for key, entry in entries.items():
        if _FOLDER not in key:
            continue
        relation = "direct" if key in direct else "indirect"
        if entry.link:
            # a workspace or a folder elsewhere: what it is stands at its own path
            place, relation = str(entry.resolved or key), "workspace"
        else:
            place = key
        found = entries.get(place, entry)
        if found.version or (entry.link and found is not entry):
            name = found.name or key.rpartition(_FOLDER)[2]
            yield place, _package(name, found.version, found, relation)


def _package(name: str, version: str, entry: _Entry | _Legacy, relation: str) -> Package:
    licenses = license_names(entry.license, entry.licenses) if isinstance(entry, _Entry) else ()
    return Package(
        "", "npm", "npm", name, version, licenses=licenses, dev=entry.dev, relation=relation
    )


def _direct(root: _Entry) -> frozenset[str]:
    asked = (
        root.dependencies,
        root.dev_dependencies,
        root.optional_dependencies,
        root.peer_dependencies,
    )
    return frozenset(f"{_FOLDER}{name}" for names in asked for name in names)


def _nested(entries: dict[str, _Legacy]) -> Iterator[tuple[str, Package]]:
    pending = list(reversed(entries.items()))
    while pending:
        key, entry = pending.pop()
        name, version, relation = key.rpartition(_FOLDER)[2], entry.version, ""
        if version.startswith(_ALIAS):
            name, _, version = version.removeprefix(_ALIAS).rpartition("@")
        elif version.startswith(_LOCAL):
            version, relation = "", "workspace"
        if name and (version or relation):
            yield key, _package(name, version, entry, relation)
        pending.extend(reversed(entry.dependencies.items()))


def _merge(packages: Iterator[Package]) -> Iterator[Package]:
    """Give each version once: direct where any copy is, for development where all are."""
    merged: dict[tuple[str, str], Package] = {}
    for package in packages:
        key = package.name, package.version
        known = merged.get(key, package)
        direct = "direct" in (known.relation, package.relation)
        merged[key] = replace(
            known,
            dev=known.dev and package.dev,
            relation="direct" if direct else known.relation,
        )
    yield from merged.values()


npm_lock = Analyzer(
    "npm", 1, ("package-lock.json", "npm-shrinkwrap.json"), _analyze, reads="locked"
)
