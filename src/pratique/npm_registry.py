"""Ask the registry that npm is set up with what there is of a package.

https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md; where it asks for a
name and a password, npm asks in our place.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from urllib.parse import quote

from msgspec import DecodeError, Struct, ValidationError, json
from msgspec.json import Decoder

from pratique.errors import MalformedError, SourceError, Unavailable
from pratique.model.remedy import Project

_DEFAULT = "https://registry.npmjs.org"
_ACCEPT = "application/vnd.npm.install-v1+json"
_VARIABLES = ("NPM_CONFIG_REGISTRY", "npm_config_registry")
_LINE = re.compile(r"(?m)^\s*((?:@[\w.-]+:)?registry)\s*=\s*['\"]?(https?://[^\s'\"]+)")


class _Packument(Struct):
    versions: dict[str, object] = {}


_PACKUMENT = Decoder(_Packument)


def released(project: Project, path: str, name: str) -> Sequence[str]:
    """Return the versions that the registry has; raises SourceError and MalformedError."""
    if project.is_offline:
        raise Unavailable("offline: no registry is asked")
    url = f"{_registry(project, posixpath.dirname(path), name)}/{quote(name, safe='@')}"
    try:
        return list(_PACKUMENT.decode(project.fetch(url, _ACCEPT)).versions)
    except (DecodeError, ValidationError) as error:
        raise MalformedError(f"the registry says nonsense of {name}: {error}") from error
    except SourceError:
        if not (npm := project.tool("npm")):
            raise
        return _viewed(project, npm, path, name)


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
