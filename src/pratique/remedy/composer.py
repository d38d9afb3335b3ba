"""Have Composer lock newer packages, and composer.json allow them where it does not."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import DecodeError, json

from pratique.codecs.json_members import edited
from pratique.errors import MalformedError, Unavailable
from pratique.model.remedy import Bump, Project, Remedy

_FLAGS = ("--no-interaction", "--no-plugins")
_UPDATE = ("--with-dependencies", "--no-install", "--no-scripts", "--no-audit", "--quiet")
_SECTIONS = ("require", "require-dev")
_RANGE = re.compile(r"([\^~]?v?)\d+(?:\.\d+)*")


def _versions(project: Project, path: str, name: str) -> Sequence[str]:
    """Return the released versions that the repositories of a project have."""
    if not (composer := project.tool("composer")):
        raise Unavailable("composer is not here: no repository is asked")
    words = [composer, "show", "--available", "--format=json", *_FLAGS, "--", name]
    said = project.run(words, posixpath.dirname(path))
    try:
        found: Any = json.decode(said[said.find("{") :])
        return [str(v).removeprefix("v") for v in found["versions"] if not v.startswith("dev-")]
    except (DecodeError, KeyError, TypeError, AttributeError) as error:
        raise MalformedError(f"composer show: {error}", path) from error


def _apply(project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
    """Ask for exactly the lowest that will do; where composer.json forbids it, change that."""
    folder = posixpath.dirname(path)
    manifest = posixpath.join(folder, "composer.json")
    text = project.text(manifest)
    if text is None:
        raise MalformedError("there is no composer.json beside it", path)
    new = text
    for bump in bumps:
        new = _ranged(new, bump)
    composer = project.tool("composer")
    if not composer:
        if new == text:
            raise MalformedError("composer is not here (or offline): its lock cannot be made")
        project.write(manifest, new)
        yield "its lock file is to be made anew: composer update --lock"
        return
    asked = [f"{bump.name}:{bump.to}" for bump in bumps]
    words = [composer, "update", *_FLAGS, *_UPDATE, "--", *asked]
    try:
        project.run(words, folder)
    except MalformedError:
        if new == text:
            raise
        project.write(manifest, new)
        project.run(words, folder)


def _ranged(text: str, bump: Bump) -> str:
    """Put a version in the place of another, in the same style."""
    member = re.compile(rf'("{re.escape(bump.name)}"\s*:\s*")([^"]*)(?=")', re.IGNORECASE)

    def version(found: re.Match[str]) -> str:
        plain = _RANGE.fullmatch(found[2])
        return found[1] + (plain[1] + bump.to if plain else f"{found[2]} || ^{bump.to}")

    return edited(text, _SECTIONS, lambda inside: member.sub(version, inside))


composer = Remedy(
    "composer", ("composer",), ("composer.json", "composer.lock"), _versions, _apply
)  # fmt: skip
