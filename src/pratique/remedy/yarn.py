"""Change package.json, and have Yarn make its lock file anew without running scripts.

Yarn 1 has no way to make the lock alone: it fetches, and links into a folder that is thrown away.
What no package.json names is locked anew within the ranges of what needs it; only where these do
not allow it a resolution is written (https://classic.yarnpkg.com/en/docs/selective-version-resolutions,
https://yarnpkg.com/configuration/manifest#resolutions).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from pratique.codecs.node_locked import yarn_locked
from pratique.codecs.node_project import read_project, workspaces_of
from pratique.codecs.npm_names import aliased, split
from pratique.errors import MalformedError
from pratique.model.remedy import Bump, Project, Remedy
from pratique.npm_registry import raised, released
from pratique.npm_vouching import vouched
from pratique.package_json import beside, effective, overriding, ranged

_BERRY = re.compile(r"(?m)^__metadata:")
_WORKSPACE = re.compile(r'(?m)^  resolution: "[^"\n]*@workspace:([^"\n]+)"')
_ENTRY = re.compile(r"(?m)^(?![\s#])[^\n]*:[ \t]*\r?\n(?:[ \t]+[^\n]*(?:\n|\Z)|\r?\n(?=[ \t]))*")
_ENVIRONMENT = {
    "YARN_ENABLE_SCRIPTS": "0", "YARN_ENABLE_IMMUTABLE_INSTALLS": "0", "YARN_ENABLE_TELEMETRY": "0",
    "COREPACK_ENABLE_DOWNLOAD_PROMPT": "0", "COREPACK_ENABLE_NETWORK": "0",
}  # fmt: skip
_RESOLUTION = 2


def _apply(project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
    lock = project.text(path) or ""
    manifests = beside(project, path, _workspaces(project, path, lock))
    vouched(project, path, yarn_locked(lock), bumps, manifests)
    ranges: dict[str, str] = {}
    for place, text in manifests.items():
        changed = text
        for bump in bumps:
            changed = ranged(changed, bump, ranges)
        manifests[place] = changed
    others = [bump for bump in bumps if bump.name not in ranges or bump.attempt]
    if overridden := [bump for bump in others if bump.attempt >= _RESOLUTION]:
        root = next(iter(manifests))
        manifests[root] = overriding(
            manifests[root], ("resolutions",), overridden,
            "{parent}/{name}" if _BERRY.search(lock) else "**/{parent}/{name}",
        )  # fmt: skip
    for place, text in manifests.items():
        project.write(place, text)
    yield from _locked(project, path, lock, {bump.name for bump in others})
    if overridden and project.tool("yarn"):
        effective(path, yarn_locked(project.text(path) or ""), overridden)


def _locked(project: Project, path: str, lock: str, anew: set[str]) -> Iterator[str]:
    """Have the lock made anew, and forget in it what is to be another within its ranges."""
    is_berry = bool(_BERRY.search(lock))
    if not (yarn := project.tool("yarn")):
        yield "its lock file is to be made anew: yarn install"
        return
    folder = posixpath.dirname(path)
    version = project.run([yarn, "--version"], folder, _ENVIRONMENT).strip()
    if version.startswith(("0.", "1.")) is is_berry:
        raise MalformedError(f"Yarn {version[:20]} is here, and the lock is of another Yarn", path)
    project.write(path, _ENTRY.sub(lambda entry: _kept(entry[0], anew), lock))
    project.run([yarn, "install", *(_berry() if is_berry else _classic(folder))], folder,
                _ENVIRONMENT)  # fmt: skip


def _berry() -> Sequence[str]:
    return ["--mode=update-lockfile"]


def _classic(folder: str) -> Sequence[str]:
    up = "../" * (len(folder.split("/")) if folder else 0)
    return ["--ignore-scripts", "--non-interactive", "--no-progress", "--no-bin-links", "--silent",
            "--modules-folder", f"{up}../modules"]  # fmt: skip


def _kept(entry: str, anew: set[str]) -> str:
    asked = entry.partition("\n")[0].rstrip(" :\r").split(",")
    return "" if aliased(*split(asked[0].strip(' "'))) in anew else entry


def _workspaces(project: Project, path: str, lock: str) -> list[str]:
    """Return the folders of workspaces: Berry's lock names them, a package.json for Yarn 1."""
    if _BERRY.search(lock):
        return [place for place in _WORKSPACE.findall(lock) if place != "."]
    folder = posixpath.dirname(path)
    own = read_project((project.text(posixpath.join(folder, "package.json")) or "").encode())
    globs = workspaces_of(own) if own else []
    found = (project.matching(posixpath.join(folder, glob, "package.json")) for glob in globs)
    return [posixpath.relpath(posixpath.dirname(p), folder or ".") for some in found for p in some]


yarn = Remedy(
    "yarn", ("yarn",), ("package.json", "yarn.lock"), released, _apply, attempts=3, raised=raised,
)  # fmt: skip
