"""Change package.json, and have npm make its lock file anew without running scripts.

The lock gets the lowest version that will do: npm is first asked for that one alone, then for the
range that is written down. What no package.json names is updated within the ranges of what needs
it; only where these do not allow it an override is written.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import DecodeError, json

from pratique.codecs.json_members import edited, objects
from pratique.errors import MalformedError, Unavailable
from pratique.model.remedy import Bump, Project, Remedy

_SECTIONS = ("dependencies", "devDependencies", "optionalDependencies")
_RANGE = re.compile(r"([\^~]?=?v?)\d+\.\d+\.\d+(?:[-+][\w.+-]+)?")
_LOOSE = re.compile(r"[\d.xX* |<>=^~-]*|latest")
_LAST = re.compile(r"(\s*)\}\s*\Z")
_INSTALL = ("install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund")
_UPDATE = ("update", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund")
_OVERRIDE = 2


def _versions(project: Project, path: str, name: str) -> Sequence[str]:
    """Return the versions that the registry has."""
    if not (npm := project.tool("npm")):
        raise Unavailable("npm is not here: no registry is asked")
    words = [npm, "view", f"./{name}" if name.startswith("-") else name, "versions", "--json"]
    try:
        found = json.decode(project.run(words, posixpath.dirname(path)), type=list[str] | str)
    except DecodeError as error:
        raise MalformedError(f"npm view: {error}", path) from error
    return [found] if isinstance(found, str) else found


def _apply(project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
    folder = posixpath.dirname(path)
    manifests = _manifests(project, path)
    ranges: dict[str, str] = {}
    for place, text in manifests.items():
        kept = exact = text
        for bump in bumps:
            kept, exact = _ranged(kept, bump, ranges), _ranged(exact, bump, ranges, exact=True)
        manifests[place] = kept
        project.write(place, exact)
    others = [bump for bump in bumps if bump.name not in ranges or bump.attempt]
    overridden = [bump for bump in others if bump.attempt >= _OVERRIDE]
    if overridden:
        root = posixpath.join(folder, "package.json")
        manifests[root] = _overriding(manifests[root], overridden)
        project.write(root, _overriding(project.text(root) or "", overridden))
    yield from _locked(project, folder, manifests, [b.name for b in others if b.attempt == 1])


def _locked(
    project: Project, folder: str, manifests: Mapping[str, str], update: Sequence[str]
) -> Iterator[str]:
    npm = project.tool("npm")
    if npm:
        project.run([npm, *_INSTALL], folder)
    for place, text in manifests.items():
        project.write(place, text)
    if not npm:
        yield "its lock file is to be made anew: npm install --package-lock-only"
        return
    if update:
        project.run([npm, *_UPDATE, "--", *update], folder)
    project.run([npm, *_INSTALL], folder)


def _manifests(project: Project, path: str) -> dict[str, str]:
    """Return package.json, and those of the workspaces that a lock file names."""
    folder = posixpath.dirname(path)
    try:
        lock: Any = json.decode(project.text(path) or "")
        named = [name for name in lock.get("packages") or {"": {}} if "node_modules" not in name]
    except (DecodeError, AttributeError) as error:
        raise MalformedError(f"is no lock file of npm: {error}", path) from error
    places = [posixpath.normpath(posixpath.join(folder, name, "package.json")) for name in named]
    found = {place: text for place in places if (text := project.text(place)) is not None}
    if posixpath.normpath(posixpath.join(folder, "package.json")) not in found:
        raise MalformedError("there is no package.json beside it", path)
    return found


def _ranged(text: str, bump: Bump, ranges: dict[str, str], *, exact: bool = False) -> str:
    """Put a version in the place of another, in the same style; note the ranges that there were."""
    member = re.compile(rf'("{re.escape(bump.name)}"\s*:\s*")([^"]*)(?=")')

    def version(found: re.Match[str]) -> str:
        was = found[2]
        ranges[bump.name] = was
        if plain := _RANGE.fullmatch(was):
            return found[1] + ("" if exact else plain[1]) + bump.to
        if not _LOOSE.fullmatch(was):
            raise MalformedError(f"{bump.name} is asked for as {was}")
        return found[1] + (bump.to if exact else was)

    return edited(text, _SECTIONS, lambda inside: member.sub(version, inside))


def _overriding(text: str, bumps: Sequence[Bump]) -> str:
    """Add overrides, with the indentation that the file has."""
    names = [bump.name for bump in bumps]
    for bump in bumps:
        key = bump.name if names.count(bump.name) == 1 else f"{bump.name}@{bump.installed[0]}"
        text = _override(text, json.encode(key).decode(), json.encode(f"^{bump.to}").decode())
    return text


def _override(text: str, key: str, to: str) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    indent = found[1] if (found := re.search(r'\n([ \t]+)"', text)) else "  "
    member = re.compile(rf"({re.escape(key)}\s*:\s*)\"[^\"]*\"")
    for start, end in objects(text, ("overrides",)):
        inside = text[start:end]
        if member.search(inside):
            return text[:start] + member.sub(rf"\g<1>{to}", inside, count=1) + text[end:]
        blank = inside[: len(inside) - len(inside.lstrip())] or newline + indent * 2
        put = f"{blank}{key}: {to}{',' if inside.strip() else ''}"
        return text[:start] + put + text[start:]
    last = _LAST.search(text)
    if not last:
        raise MalformedError("package.json does not end with an object")
    put = (f',{newline}{indent}"overrides": {{{newline}{indent * 2}{key}: {to}'
           f"{newline}{indent}}}")  # fmt: skip
    return text[: last.start()] + put + text[last.start() :]


npm = Remedy(
    "npm", ("npm",), ("package.json", "package-lock.json", "npm-shrinkwrap.json"),
    _versions, _apply, attempts=3,
)  # fmt: skip
