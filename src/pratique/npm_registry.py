"""Ask the registry that npm is set up with what there is of a package.

https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md; where it asks for a
name and a password, npm asks in our place.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from urllib.parse import quote, urlsplit
from weakref import WeakKeyDictionary

from msgspec import DecodeError, Struct, ValidationError, json
from msgspec.json import Decoder

from pratique.codecs.digests import digests
from pratique.codecs.npm_range import allows
from pratique.errors import MalformedError, SourceError
from pratique.model.remedy import Bump, Project

_DEFAULT = "https://registry.npmjs.org"
_ACCEPT = "application/vnd.npm.install-v1+json"
_VARIABLES = ("NPM_CONFIG_REGISTRY", "npm_config_registry")
_PLAIN = re.compile(r"\d+\.\d+\.\d+")
_LINE = re.compile(r"(?m)^\s*((?:@[\w.-]+:)?registry)\s*=\s*['\"]?(https?://[^\s'\"]+)")


class _Archive(Struct, frozen=True):
    integrity: str = ""
    shasum: str = ""


class _Release(Struct):
    dependencies: dict[str, str] = {}
    dist: _Archive = _Archive()


class _Packument(Struct):
    versions: dict[str, _Release] = {}


_PACKUMENT = Decoder(_Packument)
_KNOWN: WeakKeyDictionary[Project, dict[str, _Packument]] = WeakKeyDictionary()


def released(project: Project, path: str, name: str) -> Sequence[str]:
    """Return the versions that the registry has; raises SourceError and MalformedError."""
    try:
        return list(_packument(project, path, name).versions)
    except SourceError:
        if not (npm := project.tool("npm")):
            raise
        return _viewed(project, npm, path, name)


def raised(
    project: Project, path: str, bump: Bump, direct: Mapping[str, str], loose: Iterable[str]
) -> dict[str, str]:
    """Return the lowest later version of the one direct package that allows a bump of its child.

    Nothing where others need the child as well, or where there is none.
    """
    if project.is_offline or len(bump.needed_by) != 1 or bump.needed_by[0] not in loose:
        return {}
    [parent] = bump.needed_by
    later = {
        version: release for version, release in _packument(project, path, parent).versions.items()
        if _PLAIN.fullmatch(version) and _order(version) > _order(direct[parent])
    }  # fmt: skip
    fit = (v for v in sorted(later, key=_order) if _leaves(later[v].dependencies, bump))
    lowest = next(fit, "")
    return {parent: lowest} if lowest else {}


def _leaves(needs: Mapping[str, str], bump: Bump) -> bool:
    """Tell whether these needs leave the versions that are flawed."""
    wanted = needs.get(bump.name)
    return (
        wanted is None
        or allows(wanted, bump.to)
        or not any(allows(wanted, version) for version in bump.installed)
    )


def _order(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:3]]


def stated(project: Project, path: str, name: str) -> dict[str, tuple[str, ...]]:
    """Return the digests of each version's archive; raises SourceError and MalformedError."""
    versions = _packument(project, path, name).versions
    return {v: digests([one.dist.integrity, one.dist.shasum]) for v, one in versions.items()}


def homes(project: Project, folder: str) -> set[str]:
    """Return the hosts of the registries that npm is set up with, and of npm's and Yarn's own."""
    urls = [url for text in _settings(project, folder) for _, url in _LINE.findall(text)]
    return {host_of(url) for url in urls} | {"registry.npmjs.org", "registry.yarnpkg.com"}


def host_of(url: str) -> str:
    """Return a URL's host; `?` where it has none."""
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"


def _packument(project: Project, path: str, name: str) -> _Packument:
    """Ask once for each package of a project: to choose, to raise parents, to compare."""
    url = f"{_registry(project, posixpath.dirname(path), name)}/{quote(name, safe='@')}"
    known = _KNOWN.setdefault(project, {})
    if url not in known:
        try:
            known[url] = _PACKUMENT.decode(project.fetch(url, _ACCEPT))
        except (DecodeError, ValidationError) as error:
            raise MalformedError(f"the registry says nonsense of {name}: {error}") from error
    return known[url]


def _viewed(project: Project, npm: str, path: str, name: str) -> Sequence[str]:
    words = [npm, "view", f"./{name}" if name.startswith("-") else name, "versions", "--json"]
    try:
        found = json.decode(project.run(words, posixpath.dirname(path)), type=list[str] | str)
    except DecodeError as error:
        raise MalformedError(f"npm view: {error}", path) from error
    return [found] if isinstance(found, str) else found


def _registry(project: Project, folder: str, name: str) -> str:
    """Return the registry of a package's scope, or else that of all."""
    return registry_by(_settings(project, folder), name)


def registry_by(texts: Iterable[str], name: str) -> str:
    """Return the registry of a package by texts that set npm up, what counts most first."""
    scope = f"{name.partition('/')[0]}:registry" if name.startswith("@") else "registry"
    for text in texts:
        named: dict[str, str] = dict(_LINE.findall(text))
        if url := named.get(scope) or named.get("registry"):
            return url.rstrip("/")
    return _DEFAULT


def _settings(project: Project, folder: str) -> Iterator[str]:
    """Yield the texts that set npm up, what counts most first."""
    ours, *rest = settings()
    yield ours
    yield project.text(posixpath.join(folder, ".npmrc")) or ""
    yield from rest


def settings() -> Iterator[str]:
    """Yield the texts that set npm up for whoever runs this: the environment, then their file."""
    yield "".join(f"registry={os.environ[name]}\n" for name in _VARIABLES if name in os.environ)
    with suppress(OSError), open(os.path.expanduser("~/.npmrc"), encoding="utf-8") as file:
        yield file.read()
