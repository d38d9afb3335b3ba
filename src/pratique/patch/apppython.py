"""Patch Python packages of an application: wheels in the place of what is installed.

A version is taken if its wheel fits the environment, what it needs is there or can be brought in
the same way, and nothing that is installed refuses it. What has to be built stays.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from msgspec import Struct
from msgspec.structs import replace

from pratique.codecs.requirement import normalized
from pratique.codecs.simple_index import ACCEPT, Archive, archives
from pratique.comparison import Gone
from pratique.ecosystems.pypi import pypi
from pratique.errors import DigestMismatch, MalformedError, NotFound, PratiqueError, SourceError
from pratique.model.finding import Finding
from pratique.model.inventory import Inventory
from pratique.model.report import Report
from pratique.patch.apppart import Part, Task
from pratique.patch.environments import Environment, Installed, environments, markers, tags
from pratique.patch.layer import LayerWriter
from pratique.patch.model import Stays, Upgraded
from pratique.patch.pythonlinks import Links
from pratique.patch.root import Root
from pratique.patch.wheels import Wheel
from pratique.suitable import lesser_versions
from pratique.upgrades import levels_to, risk, upgrades, within

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_PAGE, _WHEEL = 64 << 20, 512 << 20
_DEEPEST, _MOST_TRIES, _MOST_LESSER, _MOST_PASSES = 8, 6, 20, 4
_INSIDE = re.compile(r"/(?:site|dist)-packages/([^/]+)")
_OF_DISTRIBUTION = "it belongs to the distribution's own Python"


class _Stuck(Exception):  # noqa: N818 - never leaves this module
    pass


class _Chosen(Struct):
    """A version that is to be put in, and the wheel that has it."""

    name: str
    version: str
    archive: Archive
    path: str
    needs: tuple[str, ...]


def patch(task: Task, layer: LayerWriter) -> Part:
    """Write wheels that remove findings into a layer.

    Floors are the least versions of some packages; those without one stay as they are.
    """
    report, root = task.report, layer.root
    own = [f for f in report.findings if f.fixed and f.package.type == "pypi"]
    stays, upgraded = list[Stays](), list[Upgraded]()
    for environment in environments(root):
        here = [f for f in own if f.package.path.startswith(f"{environment.site}/")]
        if not here:
            continue
        if environment.prefix == "usr" and _is_of_distribution(report.inventory):
            stays += _left(here, _OF_DISTRIBUTION)
            continue
        planning = _Planning(environment, task, Links(task.sources, environment, root))
        planning.plan(here, report)
        stays += planning.stays
        upgraded += planning.put(root, layer)
    known = {(one.name, one.version) for one in stays} | {(u.name, u.before) for u in upgraded}
    rest = [f for f in own if (normalized(f.package.name), f.package.version) not in known]
    stays += _left(rest, "it is in no environment with metadata of wheels")
    return Part(tuple(upgraded), tuple(dict.fromkeys(stays)))


def _is_of_distribution(inventory: Inventory) -> bool:
    return any(package.type == "rpm" for package in inventory.packages)


def _left(findings: Iterable[Finding], why: str) -> list[Stays]:
    found = {(normalized(f.package.name), f.package.version) for f in findings}
    return [Stays(name, version, why) for name, version in sorted(found)]


def floors(new: Sequence[Gone]) -> dict[str, str]:
    """Return the least versions of packages that would have flaws of their own.

    Empty for one of which there is no version without.
    """
    found: dict[str, str] = {}
    for finding in (one.finding for one in new):
        if finding.package.type != "pypi":
            continue
        name = normalized(finding.package.name)
        carrier = _carrier(finding.package.path)
        fixes = [v for v in finding.fixed if _key(v) > _key(finding.package.version)]
        least = min(fixes, key=_key, default="") if carrier == name else ""
        name = carrier or name
        if found.get(name) == "" or not least:
            found[name] = ""
        elif _key(least) > _key(found.get(name, "0")):
            found[name] = least
    return found


def _carrier(path: str) -> str:
    """Return the package whose files a path is among: others are carried inside of some."""
    found = _INSIDE.search(path)
    return normalized(found[1].partition("-")[0]) if found else ""


def _key(version: str) -> Any:
    try:
        return 1, pypi.version_key(version)
    except ValueError:
        return 0, version


class _Planning:
    """One environment: which wheels go in."""

    def __init__(self, environment: Environment, task: Task, links: Links) -> None:
        self._floors, self._links = task.floors, links
        self._env, self._order = environment, task.order
        self._client, self._folder = task.client, task.folder
        platform = task.image.platform
        architecture = platform.split("/")[1] if "/" in platform else "amd64"
        self._markers = markers(environment, architecture)
        self._tags = tags(environment, architecture, task.report.inventory)
        self._index = (os.environ.get("PIP_INDEX_URL") or "https://pypi.org/simple").rstrip("/")
        self._pages: dict[str, list[Archive]] = {}
        self._metadata: dict[str, _Chosen] = {}
        self._chosen: dict[str, _Chosen] = {}
        self._left_out = set[tuple[str, str]]()
        self.stays: list[Stays] = []

    def plan(self, findings: Sequence[Finding], report: Report) -> None:
        """Choose what to put in, what removes the greatest risk first."""
        allowed = levels_to(self._order.up_to)
        near = tuple(within(f, allowed) for f in findings)
        found = upgrades(replace(report, findings=near))
        self._prefetch(normalized(one.name) for one in found)
        goals = dict[tuple[str, str], tuple[str, ...]]()
        for one in sorted(found, key=lambda one: -risk(one.removes)):
            name = normalized(one.name)
            own = [f for f in near if normalized(f.package.name) == name]
            others = lesser_versions(own, one.to, report.inventory.distro)[:_MOST_LESSER]
            goals[name, one.installed[0]] = (one.to, *others)
        self._reach(goals)
        told = {one.name for one in self.stays} | set(self._chosen)
        far = [f for f in findings if normalized(f.package.name) not in told]
        self.stays += _left(far, f"its fix is further away than a {self._order.up_to} version")

    def _reach(self, goals: Mapping[tuple[str, str], tuple[str, ...]]) -> None:
        """Try all, and those that failed again while others succeed: what held them may go."""
        failed = dict[tuple[str, str], str]()
        for _ in range(_MOST_PASSES):
            before, failed = dict(self._chosen), {}
            for key, versions in goals.items():
                reasons = [self._tried(key[0], to) for to in versions]
                if all(reasons):
                    failed[key] = reasons[0]
            if self._chosen == before:
                break
        self.stays += [Stays(name, version, why) for (name, version), why in failed.items()]

    def _tried(self, name: str, to: str) -> str:
        """Choose a version or a later one, unless one is chosen; return why that cannot be."""
        if name in self._chosen and _key(self._chosen[name].version) >= _key(to):
            return ""
        if self._floors.get(name) == "":
            return "each version that was tried has flaws of its own"
        why, self._left_out = "", set[tuple[str, str]]()
        try:
            for _ in range(_MOST_TRIES):
                trial = dict(self._chosen)
                self._add(trial, name, f">={to}", 0)
                lost = self._lost(trial)
                if lost is None:
                    self._chosen = trial
                    return ""
                why = why or f"{lost[0]} {lost[1]}: {lost[2]}, which is not there"
                self._left_out.add(lost[:2])
        except _Stuck as stuck:
            return why or str(stuck)
        except SourceError as error:
            if isinstance(error, DigestMismatch):
                raise
            return error.message
        return why

    def _lost(self, trial: Mapping[str, _Chosen]) -> tuple[str, str, str] | None:
        """Return what would not be found any more: of which package and version, and by what."""
        wheels = {one.name: one.path for one in trial.values()}
        for one in trial.values():
            is_new = self._chosen.get(one.name) is not one and one.name in self._env.packages
            lost = self._links.missing(one.name, wheels) if is_new else ""
            if lost:
                return one.name, one.version, lost
        return None

    def put(self, root: Root, layer: LayerWriter) -> list[Upgraded]:
        """Write the chosen wheels into a layer."""
        done = []
        for name, one in sorted(self._chosen.items()):
            old = self._env.packages.get(name)
            with Wheel(one.path, one.archive.name) as wheel:
                wheel.put(self._env, old, root, layer)
            size = self._size(old, root)
            url = urljoin(f"{self._index}/{name}/", one.archive.url).partition("#")[0]
            done.append(Upgraded(name, "", old.version if old else "", one.version, (), size,
                                 url, f"sha256:{one.archive.sha256}"))  # fmt: skip
        return done

    def _add(self, trial: dict[str, _Chosen], name: str, spec: str, depth: int) -> None:
        """Choose a version of a package with all that it needs; raise _Stuck where that fails."""
        if depth > _DEEPEST:
            raise _Stuck(f"no end to what {name} needs")
        reasons = []
        for archive in self._fitting(name, spec)[:_MOST_TRIES]:
            one = self._read(name, archive)
            attempt = {**trial, name: one}
            try:
                self._check_needs(attempt, one, depth)
                self._check_others(attempt, one)
            except _Stuck as stuck:
                reasons.append(str(stuck))
                continue
            trial.update(attempt)
            return
        raise _Stuck(reasons[0] if reasons else f"no wheel of {name} {spec} fits this environment")

    def _check_needs(self, trial: dict[str, _Chosen], one: _Chosen, depth: int) -> None:
        for need in self._requirements(one.needs):
            name = normalized(need.name)
            there = self._version(trial, name)
            if there and need.specifier.contains(there, prereleases=True):
                continue
            if need.url:
                raise _Stuck(f"{one.name} {one.version} needs {need}")
            if name in trial:  # which may go further, but not back
                self._add(trial, name, f"{need.specifier},>={there}", depth + 1)
                continue
            self._add(trial, name, str(need.specifier), depth + 1)

    def _check_others(self, trial: dict[str, _Chosen], one: _Chosen) -> None:
        """Raise _Stuck where something accepts the version that is there, and not this one."""
        before = self._env.packages.get(one.name)
        for other in self._env.packages.values():
            needs = trial[other.name].needs if other.name in trial else other.needs
            for need in self._requirements(needs):
                if normalized(need.name) != one.name or need.specifier.contains(
                    one.version, prereleases=True
                ):
                    continue
                held = before is None or need.specifier.contains(before.version, prereleases=True)
                if held or other.name in trial:
                    raise _Stuck(f"{other.name} {other.version} needs {need}")

    def _version(self, trial: dict[str, _Chosen], name: str) -> str:
        if name in trial:
            return trial[name].version
        installed = self._env.packages.get(name)
        return installed.version if installed else ""

    def _requirements(self, texts: Iterable[str]) -> list[Requirement]:
        """Return what is needed in this environment, without extras."""
        from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415

        found = []
        for text in texts:
            try:
                need = Requirement(text)
            except InvalidRequirement:
                continue
            if need.marker is None or need.marker.evaluate({**self._markers, "extra": ""}):
                found.append(need)
        return found

    def _fitting(self, name: str, spec: str) -> list[Archive]:
        """Return wheels that fit, of the lowest version first, above the installed one."""
        from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415
        from packaging.utils import InvalidWheelFilename, parse_wheel_filename  # noqa: PLC0415
        from packaging.version import InvalidVersion, Version  # noqa: PLC0415

        floor = self._floors.get(name)
        wanted = SpecifierSet(f"{spec},>={floor}" if floor else spec)
        installed = self._env.packages.get(name)
        python = self._markers["python_full_version"]
        found: dict[Any, Archive] = {}
        for one in self._page(name):
            try:
                _, version, _, own = parse_wheel_filename(one.name)
                python_fits = SpecifierSet(one.python).contains(python) if one.python else True
                is_newer = installed is None or version > Version(installed.version)
            except (InvalidWheelFilename, InvalidSpecifier, InvalidVersion):
                continue
            fits = python_fits and is_newer and not own.isdisjoint(self._tags)
            is_out = (name, str(version)) in self._left_out
            if (
                fits
                and not is_out
                and not one.yanked
                and not version.is_prerelease
                and version in wanted
            ):
                found.setdefault(version, one)
        # what is not there yet is as new as may be; what is moves as little as will do
        return [found[version] for version in sorted(found, reverse=installed is None)]

    def _prefetch(self, names: Iterable[str]) -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(self._try_page, set(names)))

    def _try_page(self, name: str) -> None:
        try:
            self._page(name)
        except PratiqueError:
            return

    def _page(self, name: str) -> list[Archive]:
        if name not in self._pages:
            url = f"{self._index}/{name}/"
            try:
                data = self._client.get(url, {"Accept": ACCEPT}, _PAGE).read()
            except NotFound:
                data = b'{"files": []}'
            self._pages[name] = archives(data, url)
        return self._pages[name]

    def _read(self, name: str, archive: Archive) -> _Chosen:
        """Fetch a wheel; raises DigestMismatch where it is not what the index says."""
        if archive.name not in self._metadata:
            url = urljoin(f"{self._index}/{name}/", archive.url).partition("#")[0]
            path = os.path.join(self._folder, f"{len(self._metadata)}.whl")
            hasher = hashlib.sha256()
            with open(path, "wb") as file:
                for chunk in self._client.get(url, limit=_WHEEL).chunks():
                    hasher.update(chunk)
                    file.write(chunk)
            if hasher.hexdigest() != archive.sha256:
                instead = f"{hasher.hexdigest()} instead of {archive.sha256 or 'any'}"
                raise DigestMismatch(f"{url} is not what the index names (SHA-256 {instead})")
            with Wheel(path, archive.name) as wheel:
                known = wheel.metadata
            said = [normalized(next(iter(known.get("name", [])), "")),
                    next(iter(known.get("version", [])), "")]  # fmt: skip
            if said[0] != name:
                raise MalformedError(f"it is {' '.join(said)}, not {name}", archive.name)
            needs = tuple(known.get("requires-dist", []))
            self._metadata[archive.name] = _Chosen(name, said[1], archive, path, needs)
        return self._metadata[archive.name]

    def _size(self, old: Installed | None, root: Root) -> int:
        if old is None:
            return 0
        import csv  # noqa: PLC0415

        text = (root.read(f"{old.folder}/RECORD") or b"").decode("utf-8", "replace")
        nodes = (
            root.node(f"{self._env.site}/{row[0]}") for row in csv.reader(text.splitlines()) if row
        )
        return sum(node.size for node in nodes if node and node.kind == "file")
