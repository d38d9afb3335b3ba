"""Node, JSR and deno.land packages that Deno locked: deno.lock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.digests import digests
from pratique.codecs.jsontext import decode, next_line, object_lines
from pratique.codecs.lock_graph import relation
from pratique.codecs.module_url import module_of
from pratique.codecs.npm_names import split
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


class _Entry(Struct, rename="camel"):
    integrity: str = ""
    dependencies: dict[str, str] | list[str] = []
    """Until version 3 of the format npm's map a name to `name@version`; else a list."""
    optional_dependencies: list[str] = []


class _Packages(Struct):
    specifiers: dict[str, str] = {}
    """What is asked for, and which version was found for it."""
    npm: dict[str, _Entry] = {}
    jsr: dict[str, _Entry] = {}


class _PackageJson(Struct, frozen=True):
    dependencies: list[str] = []


class _Workspace(Struct, frozen=True, rename="camel"):
    dependencies: list[str] = []
    package_json: _PackageJson = _PackageJson()
    members: dict[str, _Workspace] = {}


class _Version3(Struct):
    packages: _Packages
    workspace: _Workspace = _Workspace()


class _Version4(_Packages):
    workspace: _Workspace = _Workspace()


class _Old(Struct):
    specifiers: dict[str, str] = {}
    packages: dict[str, _Entry] = {}


class _Version2(Struct):
    npm: _Old | None = None


class _Head(Struct):
    version: str
    remote: dict[str, str] = {}
    """Addresses of modules, each with the digest of that one file."""


_NAMED = 9
_ADDRESS = re.compile(r'\s*"(https?://[^"\\]+)"\s*:')
_HEAD = Decoder(_Head)
_VERSION_2, _VERSION_3, _VERSION_4 = Decoder(_Version2), Decoder(_Version3), Decoder(_Version4)


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of Deno (docs.deno.com, lockfile), version 2 to 5.

    Modules that are imported by their address are of a package where the address names one; the
    error at the end names the hosts of the others.
    """
    data = file.read()
    packages, asked = _read(data, file.path)
    known = _known(packages)
    direct = set(_ids(asked, packages.specifiers, known))
    lines = object_lines(data)
    for type, entries in (("npm", packages.npm), ("jsr", packages.jsr)):
        for key, entry in entries.items():
            name, version = split(_without_peers(key))
            needs = entry.dependencies
            wanted = list(needs.values()) if isinstance(needs, dict) else needs
            found = _ids([*wanted, *entry.optional_dependencies], packages.specifiers, known)
            yield Package(
                file.path, "deno", type, name, version, line=next_line(lines, key),
                relation=relation(f"{name}@{version}", direct), hashes=digests([entry.integrity]),
                depends=tuple(sorted(set(found))),
            )  # fmt: skip
    yield from _remote(file.path, data)


def _remote(path: str, data: bytes) -> Iterator[Package]:
    """Yield the packages that addresses are of, each once, at the line of its first module."""
    addresses = decode(data, _HEAD, path).remote
    found: dict[tuple[str, str, str], str] = {}
    unnamed: dict[str, None] = {}
    for address in addresses:
        if module := module_of(address):
            found.setdefault(module, address)
        else:
            unnamed[_host(address)] = None
    lines = {address: number for number, address in _addresses(data)} if found else {}
    for (type, name, version), address in found.items():
        yield Package(path, "deno", type, name, version, line=lines.get(address, 0))
    if unnamed:
        hosts = ", ".join(list(unnamed)[:_NAMED])
        raise MalformedError(f"modules whose address names no package and version: {hosts}", path)


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.rpartition("@")[2] or "no host"
    except ValueError:
        return "no host"


def _addresses(data: bytes) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if match := _ADDRESS.match(line):
            yield number, match[1]


def _read(data: bytes, path: str) -> tuple[_Packages, list[str]]:
    """Return the packages, and what the project asks for."""
    version = decode(data, _HEAD, path).version
    if version == "2":
        old = decode(data, _VERSION_2, path).npm or _Old()
        return _Packages(old.specifiers, old.packages), list(old.specifiers)
    if version == "3":
        lock = decode(data, _VERSION_3, path)
        found, workspace = lock.packages, lock.workspace
    else:
        latest = decode(data, _VERSION_4, path)
        found, workspace = latest, latest.workspace
    return found, list(_asked(workspace)) or list(found.specifiers)


def _asked(workspace: _Workspace) -> Iterator[str]:
    for one in (workspace, *workspace.members.values()):
        yield from (*one.dependencies, *one.package_json.dependencies)


def _known(packages: _Packages) -> dict[str, str]:
    """Map each key, and each name, which stands alone where there is one version, to its id."""
    known: dict[str, str] = {}
    for key in (*packages.npm, *packages.jsr):
        known[key] = known[split(key)[0]] = _without_peers(key)
    return known


def _ids(wanted: Iterable[str], specifiers: dict[str, str], known: dict[str, str]) -> Iterator[str]:
    """Yield the packages that are meant by `npm:name@range`, `name@version` or a single `name`."""
    for want in wanted:
        plain = want.removeprefix("npm:").removeprefix("jsr:")
        found = specifiers.get(want, "").removeprefix("npm:").removeprefix("jsr:")
        version = split(found)[1] or found
        key = f"{split(plain)[0]}@{version}" if version else plain
        if key in known:
            yield known[key]


def _without_peers(key: str) -> str:
    """Return `name@version` of `name@version_peer@version`."""
    name, version = split(key)
    return f"{name}@{version.partition('_')[0]}"


deno = Analyzer("deno", 1, ("deno.lock",), _analyze, reads="locked")
