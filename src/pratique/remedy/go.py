"""Have go require newer modules."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from pratique.errors import MalformedError, Unavailable
from pratique.model.remedy import Bump, Project, Remedy

_ENVIRONMENT = {"GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local", "GOWORK": "off"}
_GO = re.compile(r"(?m)^go\s+(\S+)")
_TOOLCHAIN = ("stdlib", "toolchain")


def _versions(project: Project, path: str, name: str) -> Sequence[str]:
    """Return the versions that the module proxy has and that are not retracted."""
    if name in _TOOLCHAIN:
        return []
    if not (go := project.tool("go")):
        raise Unavailable("go is not here: no module proxy is asked")
    words = [go, "list", "-m", "-versions", name]
    found = project.run(words, posixpath.dirname(path), _ENVIRONMENT).split()[1:]
    return [version.removeprefix("v") for version in found]


def _apply(project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
    for bump in bumps:
        if bump.name in _TOOLCHAIN:
            raise MalformedError(f"comes with Go itself: build with Go {bump.to} or newer")
    if not (go := project.tool("go")):
        raise MalformedError("go is not here (or offline): go.sum cannot be made")
    folder = posixpath.dirname(path)
    before = _language(project, path)
    asked = [f"{bump.name}@v{bump.to.removeprefix('v')}" for bump in bumps]
    project.run([go, "get", *asked], folder, _ENVIRONMENT)
    project.run([go, "mod", "tidy"], folder, _ENVIRONMENT)
    if (after := _language(project, path)) != before:
        yield f"these modules need Go {after} (before: {before or 'any'})"


def _language(project: Project, path: str) -> str:
    found = _GO.search(project.text(path) or "")
    return found[1] if found else ""


go = Remedy("go", ("gomod",), ("go.mod", "go.sum"), _versions, _apply)
