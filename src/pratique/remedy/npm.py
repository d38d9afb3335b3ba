"""Change package.json, and have npm make its lock file anew without running scripts.

The lock gets the lowest version that will do: npm is first asked for that one alone, then for the
range that is written down. What no package.json names is updated within the ranges of what needs
it; only where these do not allow it an override is written.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import DecodeError, json

from pratique.codecs.node_locked import npm_locked
from pratique.errors import MalformedError
from pratique.model.remedy import Bump, Project, Remedy
from pratique.npm_registry import raised, released
from pratique.npm_vouching import vouched
from pratique.package_json import beside, effective, overriding, ranged

_INSTALL = ("install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund")
_UPDATE = ("update", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund")
_OVERRIDE = 2


def _apply(project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
    folder = posixpath.dirname(path)
    manifests = beside(project, path, _workspaces(project, path))
    vouched(project, path, npm_locked(project.text(path) or ""), bumps, manifests)
    ranges: dict[str, str] = {}
    for place, text in manifests.items():
        kept = exact = text
        for bump in bumps:
            kept, exact = ranged(kept, bump, ranges), ranged(exact, bump, ranges, exact=True)
        manifests[place] = kept
        project.write(place, exact)
    others = [bump for bump in bumps if bump.name not in ranges or bump.attempt]
    overridden = [bump for bump in others if bump.attempt >= _OVERRIDE]
    if overridden:
        root = posixpath.normpath(posixpath.join(folder, "package.json"))
        manifests[root] = overriding(manifests[root], ("overrides",), overridden)
        written = project.text(root) or ""
        project.write(root, overriding(written, ("overrides",), overridden))
    yield from _locked(project, folder, manifests, [b.name for b in others if b.attempt == 1])
    if overridden and project.tool("npm"):
        effective(path, npm_locked(project.text(path) or ""), overridden)


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


def _workspaces(project: Project, path: str) -> list[str]:
    """Return the folders of the workspaces that a lock file names."""
    try:
        lock: Any = json.decode(project.text(path) or "")
        return [name for name in lock.get("packages") or {"": {}} if "node_modules" not in name]
    except (DecodeError, AttributeError) as error:
        raise MalformedError(f"is no lock file of npm: {error}", path) from error


npm = Remedy(
    "npm", ("npm",), ("package.json", "package-lock.json", "npm-shrinkwrap.json"),
    released, _apply, attempts=3, raised=raised,
)  # fmt: skip
