"""Change package.json, catalogs and overrides, and have pnpm make its lock anew without scripts.

The lock gets the lowest version that will do: pnpm is first asked for that one alone, then for the
range that is written down. What no package.json names is updated within the ranges of what needs
it; only where these do not allow it an override is written (https://pnpm.io/settings#overrides).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from pratique.codecs.node_locked import pnpm_locked
from pratique.errors import MalformedError
from pratique.model.remedy import Bump, Project, Remedy
from pratique.npm_registry import raised, released
from pratique.npm_vouching import vouched
from pratique.package_json import beside, effective, overriding, ranged

_INSTALL = ("install", "--lockfile-only", "--ignore-scripts", "--no-frozen-lockfile")
_UPDATE = ("update", "--lockfile-only", "--ignore-scripts", "--no-save", "--depth", "Infinity")
_ENVIRONMENT = {
    "CI": "", "COREPACK_ENABLE_NETWORK": "0", "npm_config_update_notifier": "false",
    # pnpm 10 would fetch the pnpm that package.json asks for, and run it
    "npm_config_manage_package_manager_versions": "false",
    "npm_config_package_manager_strict": "false",
}  # fmt: skip
_ASKED = re.compile(r'"packageManager"\s*:\s*"pnpm@(\d+)')
_FORM = re.compile(r"(?m)^lockfileVersion:\s*['\"]?(\d+)")
# importers are the two-space members of their section
_IMPORTERS = re.compile(r"(?ms)^importers:\s*$(.*?)(?=^\S|\Z)")
_IMPORTER = re.compile(r"(?m)^  '?([^\s':]+)'?:\s*$")
_WRITES = {"6": {5}, "7": {5}, "8": {6}, "9": {9}, "10": {9}, "11": {9}}
"""Which forms of lock files a major version of pnpm writes, as far as that is known here."""
_OVERRIDE = 2
_BELOW = "{parent}>{name}"
_OWN_FILE = 10
"""The pnpm from which on settings stand in pnpm-workspace.yaml."""


def _apply(project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
    folder = posixpath.dirname(path)
    lock = project.text(path) or ""
    major = _version(project, path, lock)
    manifests = beside(project, path, _importers(lock))
    vouched(project, path, pnpm_locked(lock), bumps, manifests)
    settings = posixpath.join(folder, "pnpm-workspace.yaml")
    ranges: dict[str, str] = {}
    texts = dict(manifests)
    for place, text in manifests.items():
        kept = exact = text
        for bump in bumps:
            kept, exact = ranged(kept, bump, ranges), ranged(exact, bump, ranges, exact=True)
        texts[place] = kept
        project.write(place, exact)
    catalogued = [b for b in bumps if ranges.get(b.name, "").startswith("catalog:")]
    if catalogued:
        project.write(settings, _catalogued(project.text(settings) or "", catalogued))
    others = [bump for bump in bumps if bump.name not in ranges or bump.attempt]
    if overridden := [bump for bump in others if bump.attempt >= _OVERRIDE]:
        _override(project, settings, next(iter(manifests)), texts, overridden, major)
    yield from _locked(project, folder, texts, [b for b in others if b.attempt == 1])
    if overridden and project.tool("pnpm"):
        effective(path, pnpm_locked(project.text(path) or ""), overridden)


def _locked(
    project: Project, folder: str, texts: Mapping[str, str], update: Sequence[Bump]
) -> Iterator[str]:
    pnpm = project.tool("pnpm")
    if pnpm:
        project.run([pnpm, *_INSTALL], folder, _ENVIRONMENT)
    for place, text in texts.items():
        project.write(place, text)
    if not pnpm:
        yield "its lock file is to be made anew: pnpm install --lockfile-only"
        return
    if update:
        names = [f"{bump.name}@{bump.to}" for bump in update]
        project.run([pnpm, *_UPDATE, *names], folder, _ENVIRONMENT)
    project.run([pnpm, *_INSTALL], folder, _ENVIRONMENT)


def _version(project: Project, path: str, lock: str) -> int:
    """Return the major version of pnpm; raises MalformedError where another is asked for, or it
    would write another form of lock file.
    """
    if not (pnpm := project.tool("pnpm")):
        return 0
    version = project.run([pnpm, "--version"], posixpath.dirname(path), _ENVIRONMENT).strip()
    major = version.partition(".")[0]
    asked = _ASKED.search(
        project.text(posixpath.join(posixpath.dirname(path), "package.json")) or ""
    )
    if asked and asked[1] != major:
        raise MalformedError(
            f"pnpm {version[:20]} is here, and package.json asks for pnpm {asked[1][:20]}", path
        )
    form = _FORM.search(lock)
    if form and major in _WRITES and int(form[1]) not in _WRITES[major]:
        raise MalformedError(
            f"pnpm {version[:20]} is here, which would write another form than {form[1]}", path
        )
    return int(major) if major.isdigit() else 0


def _importers(lock: str) -> list[str]:
    section = _IMPORTERS.search(lock)
    return [name for name in _IMPORTER.findall(section[1]) if name != "."] if section else []


def _catalogued(text: str, bumps: Sequence[Bump]) -> str:
    """Put versions in the places of others in the catalogs (https://pnpm.io/catalogs)."""
    for bump in bumps:
        entry = re.compile(
            rf"(?m)^([ \t]+['\"]?{re.escape(bump.name)}['\"]?:[ \t]+['\"]?[\^~]?)\d[\w.+-]*"
        )
        changed = entry.sub(lambda match, to=bump.to: match[1] + to, text)  # type: ignore[misc]
        if changed == text:
            raise MalformedError(f"{bump.name} is in no catalog of pnpm-workspace.yaml")
        text = changed
    return text


def _override(
    project: Project, settings: str, root: str, texts: dict[str, str], bumps: Sequence[Bump],
    major: int,
) -> None:  # fmt: skip
    """Write overrides where this pnpm reads them."""
    there = project.text(settings) or ""
    is_in_json = '"overrides"' in texts[root] and '"pnpm"' in texts[root]
    if major < _OWN_FILE or (is_in_json and major == _OWN_FILE):
        place = ("pnpm", "overrides")
        texts[root] = overriding(texts[root], place, bumps, _BELOW)
        written = overriding(project.text(root) or "", place, bumps, _BELOW)
        project.write(root, written)
        return
    entries = {key: bump.to for bump in bumps for key in _keys(bump)}
    lines = "".join(f"  '{key}': '^{to}'\n" for key, to in entries.items())
    for key in entries:
        there = re.sub(rf"(?m)^  ['\"]?{re.escape(key)}['\"]?: .*\n", "", there)
    if re.search(r"(?m)^overrides:[ \t]*$", there):
        there = re.sub(r"(?m)^(overrides:[ \t]*\n)", lambda match: match[1] + lines, there, count=1)
    else:
        there += ("" if not there or there.endswith("\n") else "\n") + f"overrides:\n{lines}"
    project.write(settings, there)


def _keys(bump: Bump) -> list[str]:
    if not bump.beside or not bump.needed_by:
        return [bump.name]
    return [_BELOW.format(parent=parent, name=bump.name) for parent in bump.needed_by]


pnpm = Remedy(
    "pnpm", ("pnpm",), ("package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"),
    released, _apply, attempts=3, raised=raised,
)  # fmt: skip
