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
from urllib.parse import quote

from msgspec import DecodeError, Struct, ValidationError, json
from msgspec.json import Decoder

from pratique.codecs.npm_range import allows
from pratique.errors import MalformedError, SourceError
from pratique.model.remedy import Bump, Project

_DEFAULT = "https://registry.npmjs.org"
_ACCEPT = "application/vnd.npm.install-v1+json"
_VARIABLES = ("NPM_CONFIG_REGISTRY", "npm_config_registry")
_PLAIN = re.compile(r"\d+\.\d+\.\d+")
_LINE = re.compile(r"(?m)^\s*((?:@[\w.-]+:)?registry)\s*=\s*['\"]?(https?://[^\s'\"]+)")


class _Release(Struct):
    dependencies: dict[str, str] = {}


class _Packument(Struct):
    versions: dict[str, _Release] = {}


_PACKUMENT = Decoder(_Packument)


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


def _packument(project: Project, path: str, name: str) -> _Packument:
    url = f"{_registry(project, posixpath.dirname(path), name)}/{quote(name, safe='@')}"
    try:
        return _PACKUMENT.decode(project.fetch(url, _ACCEPT))
    except (DecodeError, ValidationError) as error:
        raise MalformedError(f"the registry says nonsense of {name}: {error}") from error


def _viewed(project: Project, npm: str, path: str, name: str) -> Sequence[str]:
    words = [npm, "view", f"./{name}" if name.startswith("-") else name, "versions", "--json"]
    try:
        found = json.decode(project.run(words, posixpath.dirname(path)), type=list[str] | str)
    except DecodeError as error:
        raise MalformedError(f"npm view: {error}", path) from error
    return [found] if isinstance(found, str) else found


def _registry(project: Project, folder: str, name: str) -> str:
    """Return the registry of a package's scope, or else that of all."""
    scope = f"{name.partition('/')[0]}:registry" if name.startswith("@") else "registry"
    for text in _settings(project, folder):
        named: dict[str, str] = dict(_LINE.findall(text))
        if url := named.get(scope) or named.get("registry"):
            return url.rstrip("/")
    return _DEFAULT


def _settings(project: Project, folder: str) -> Iterator[str]:
    """Yield the texts that set npm up, what counts most first."""
    yield "".join(f"registry={os.environ[name]}\n" for name in _VARIABLES if name in os.environ)
    yield project.text(posixpath.join(folder, ".npmrc")) or ""
    with suppress(OSError), open(os.path.expanduser("~/.npmrc"), encoding="utf-8") as file:
        yield file.read()
