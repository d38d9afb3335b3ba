"""Patch Node packages of an application: tarballs in the place of what is in `node_modules`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial

from pratique.errors import SourceError
from pratique.model.finding import Finding
from pratique.model.report import Report
from pratique.model.upgrade import Level
from pratique.net import Client
from pratique.patch.apppart import Part
from pratique.patch.layer import LayerWriter
from pratique.patch.model import Order, Stays, Upgraded
from pratique.patch.nodechoice import Choice
from pratique.patch.nodeflags import flags
from pratique.patch.nodeflaws import Goal, affects, flawed, folder_of, goals
from pratique.patch.nodetrees import accepts, is_pin, needs_of
from pratique.patch.npmlocks import Put, relock
from pratique.patch.npmpackages import Registry
from pratique.patch.npmpackages import order as by_version
from pratique.patch.npmtarballs import bins_of, unlink
from pratique.patch.root import Root

_MOST_PASSES = 4


def patch(
    report: Report, order: Order, client: Client, refused: Iterable[str], layer: LayerWriter
) -> Part:
    """Write packages that remove findings into a layer; `refused` are versions with own flaws."""
    own = [f for f in report.findings if f.fixed and f.package.analyzer == "node-pkg"]
    if not own:
        return Part((), ())
    choice = Choice(layer.root, report.inventory, order.up_to, client, refused,
                    lambda name, version: flawed(name, version, own))  # fmt: skip
    planning = _Planning(layer.root, choice, own)
    planning.plan(report)
    upgraded, notes = planning.put(layer)
    return Part(upgraded, planning.stays(order.up_to), notes)


class _Planning:
    def __init__(self, root: Root, choice: Choice, findings: Sequence[Finding]) -> None:
        self._root, self._choice, self._findings = root, choice, findings
        self._why: dict[str, str] = {}
        """Why what is in a folder could not become what was strived for."""
        self._gone: set[str] = set()

    def plan(self, report: Report) -> None:
        """Choose what to put in, what removes the greatest risk first."""
        waiting = goals(report, self._findings, self._choice.levels)
        self._choice.registry.prefetch(goal.name for goal in waiting)
        self._reach(waiting)
        for _ in range(_MOST_PASSES):
            self._gone |= self._choice.tidy()
            if not (again := [goal for goal in self._brought() if goal.path not in self._why]):
                break
            self._reach(again)

    def _reach(self, waiting: Sequence[Goal]) -> None:
        """Try all, and those that failed again while others succeed: a parent may have moved."""
        while waiting:
            before, failed = self._versions(), list[Goal]()
            for goal in waiting:
                reasons = [self._choice.tried(goal.path, to) for to in goal.to]
                self._why.pop(goal.path, None)
                if reasons[0]:
                    self._why[goal.path] = reasons[0]
                if all(reasons):
                    failed.append(goal)
            waiting = failed if self._versions() != before else ()

    def _versions(self) -> dict[str, str]:
        return {path: one.release.version for path, one in self._choice.chosen.items()}

    def _brought(self) -> list[Goal]:
        """Return what others need that has a flaw which was found in another copy."""
        found = []
        for path in self._choice.chosen.keys() - self._choice.before.modules.keys():
            if one := self._choice.tree.at(path):
                fixed = {
                    version: None for f in self._findings
                    if f.package.name == one.name and affects(f, one.version)
                    for version in f.fixed if not affects(f, version)
                }  # fmt: skip
                found += [Goal(path, one.name, one.version, tuple(fixed))] if fixed else []
        return sorted(found, key=lambda goal: goal.path)

    def stays(self, up_to: Level) -> tuple[Stays, ...]:
        """Return what still has findings with a fix, and why."""
        found: dict[Stays, None] = {}
        for finding in self._findings:
            path, package = folder_of(finding), finding.package
            one = self._choice.tree.at(path) or self._choice.before.at(path)
            now = one.version if one else package.version
            if path not in self._gone and affects(finding, now):
                why = self._why.get(path) or _too_far(finding, now, up_to)
                found[Stays(package.name, now, why)] = None
        for goal in self._brought():
            found[Stays(goal.name, goal.version, self._why.get(goal.path, "it came along"))] = None
        return tuple(found)

    def put(self, layer: LayerWriter) -> tuple[tuple[Upgraded, ...], tuple[str, ...]]:
        """Write what was chosen; return it, and notes."""
        done, puts = [], []
        for path, one in sorted(self._choice.chosen.items()):
            tarball, was = one.fetched.tarball, self._choice.before.at(path)
            new = self._choice.tree.modules[path]
            size = tarball.put(path, self._root, layer)
            tarball.link(path, bins_of(was.manifest) if was else {}, self._root, layer)
            puts.append(Put(path, new.name, new.version, one.fetched.url,
                            one.release.dist.integrity, tarball.manifest))  # fmt: skip
            done.append(Upgraded(new.name, "", was.version if was else "", new.version, (), size,
                                 one.fetched.url, one.fetched.digest, path))  # fmt: skip
        return tuple(done), (*self._removed(layer), *self._relock(puts, layer))

    def _relock(self, puts: Sequence[Put], layer: LayerWriter) -> tuple[str, ...]:
        """Have the projects and their lock files say what is there now."""
        pins, absent = self._moved_pins(), list(self._absent())
        projects = [f"/{path}/package.json asks for the versions that are there now"
                    for path in sorted(pins)]  # fmt: skip
        known = [one for one in absent if not one.manifest["dependencies"]]
        lost = [f"{one.name}@{one.wanted} is optional and could not be put in; no lock file has it"
                for one in absent if one not in known]  # fmt: skip
        marks = partial(flags, self._choice.tree)
        notes = relock([*puts, *known], self._gone, pins, marks, self._root, layer)
        return (*(note.replace("//", "/") for note in projects), *lost, *notes)

    def _absent(self) -> Iterator[Put]:
        """Yield what npm's lock files are to have for other systems than this."""
        registry, tree = self._choice.registry, self._choice.tree
        for path in self._choice.chosen:
            one, was = tree.modules[path], self._choice.before.at(path)
            old = needs_of(was.manifest, "optionalDependencies") if was else {}
            for name, written in needs_of(one.manifest, "optionalDependencies").items():
                if old.get(name) == written or tree.find(name, path):
                    continue
                place = f"{path}/node_modules/{name}"
                with suppress(SourceError):
                    for version in self._choice.newest(name, written)[:1]:
                        yield _absent(registry, place, name, version, written)

    def _removed(self, layer: LayerWriter) -> tuple[str, ...]:
        """Take away what nothing needs any more, as npm does."""
        notes = []
        for path in sorted(self._gone):
            if path.rpartition("/node_modules/")[0] not in self._gone:
                unlink(path, self._root, layer)
                layer.remove(path)
            old = self._choice.before.modules[path]
            notes.append(f"{old.name} {old.version} (/{path}) is gone, nothing needs it any more")
        return tuple(notes)

    def _moved_pins(self) -> dict[str, dict[str, str]]:
        """Map projects to what their exact pins have to say now."""
        found: dict[str, dict[str, str]] = {}
        for path in self._choice.chosen:
            new = self._choice.tree.modules[path]
            for one, text in self._choice.tree.dependents(new.name, path):
                if is_pin(one, text) and not accepts(text, new.version):
                    found.setdefault(one.path, {})[new.name] = new.version
        return found


def _too_far(finding: Finding, now: str, up_to: Level) -> str:
    fixed = [version for version in finding.fixed if not affects(finding, version)]
    nearest = next((version for version in fixed if by_version(now) < by_version(version)), "")
    return f"its fix, {nearest}, is further away than a {up_to} version"


def _absent(registry: Registry, path: str, name: str, version: str, written: str) -> Put:
    release = registry.releases(name)[version]
    manifest = {"os": release.os, "cpu": release.cpu, "engines": release.engines,
                "dependencies": release.dependencies,
                "hasInstallScript": release.has_install_script}  # fmt: skip
    return Put(path, name, version, registry.url(name, version), release.dist.integrity, manifest,
               written)  # fmt: skip
