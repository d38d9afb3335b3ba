"""Patch Node packages of an application: tarballs in the place of what is in `node_modules`."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pratique.model.finding import Finding
from pratique.model.report import Report
from pratique.model.upgrade import Level
from pratique.net import Client
from pratique.patch.apppart import Part, left
from pratique.patch.layer import LayerWriter
from pratique.patch.model import Order, Stays, Upgraded
from pratique.patch.nodechoice import Choice
from pratique.patch.nodetrees import accepts, is_pin
from pratique.patch.npmlocks import Put, relock
from pratique.patch.npmtarballs import bins_of
from pratique.patch.root import Root
from pratique.suitable import lesser_versions
from pratique.upgrades import level, risk, upgrades

_LEVELS: tuple[Level, ...] = ("patch", "minor", "major")
_MOST_LESSER = 20


class _Goal(Struct):
    """A package in a folder, and the versions that would do, what removes most first."""

    path: str
    name: str
    version: str
    to: tuple[str, ...]


def patch(
    report: Report, order: Order, client: Client, refused: Iterable[str], layer: LayerWriter
) -> Part:
    """Write packages that remove findings into a layer; `refused` are versions with own flaws."""
    own = [f for f in report.findings if f.fixed and f.package.analyzer == "node-pkg"]
    if not own:
        return Part((), ())
    planning = _Planning(
        layer.root, order.up_to, Choice(layer.root, report.inventory, order.up_to, client, refused)
    )
    planning.plan(own, report)
    upgraded, notes = planning.put(layer)
    return Part(upgraded, tuple(dict.fromkeys(planning.stays)), notes)


class _Planning:
    def __init__(self, root: Root, up_to: Level, choice: Choice) -> None:
        self._root, self._up_to, self._choice = root, up_to, choice
        self.stays: list[Stays] = []

    def plan(self, findings: Sequence[Finding], report: Report) -> None:
        """Choose what to put in, what removes the greatest risk first."""
        allowed = _LEVELS[: _LEVELS.index(self._up_to) + 1]
        near = tuple(
            replace(f, fixed=tuple(v for v in f.fixed if level(f.package.version, v) in allowed))
            for f in findings
        )
        found = sorted(upgrades(replace(report, findings=near)), key=lambda u: -risk(u.removes))
        self._choice.registry.prefetch(one.name for one in found)
        goals = list[_Goal]()
        for one in found:
            own = [f for f in near if f.package.name == one.name
                   and f.package.version == one.installed[0]]  # fmt: skip
            lesser = lesser_versions(own, one.to, report.inventory.distro)[:_MOST_LESSER]
            goals += [
                _Goal(path, one.name, one.installed[0], (one.to, *lesser))
                for path in sorted({posixpath.dirname(f.package.path) for f in own})
            ]
        self._reach(goals)
        self._prune({goal.path for goal in goals})
        told = {(one.name, one.installed[0]) for one in found}
        far = [f for f in findings if (f.package.name, f.package.version) not in told]
        self.stays += left(far, f"its fix is further away than a {self._up_to} version")

    def _reach(self, goals: Sequence[_Goal]) -> None:
        """Try all, and those that failed again while others succeed: a parent may have moved."""
        while True:
            before, failed = len(self._choice.chosen), list[tuple[_Goal, str]]()
            for goal in goals:
                reasons = [self._choice.tried(goal.path, to) for to in goal.to]
                if all(reasons):
                    failed.append((goal, reasons[0]))
            goals = [goal for goal, _ in failed]
            if len(self._choice.chosen) == before or not failed:
                break
        self.stays += [Stays(goal.name, goal.version, why) for goal, why in failed]

    def _prune(self, goals: set[str]) -> None:
        """Leave out what nothing asks for any more, since another version was chosen later."""
        tree = self._choice.tree
        while idle := [
            path for path in self._choice.chosen
            if path not in goals and not any(tree.dependents(tree.modules[path].name, path))
        ]:  # fmt: skip
            for path in idle:
                del self._choice.chosen[path], self._choice.tree.modules[path]
                if path in self._choice.before:
                    self._choice.tree.modules[path] = self._choice.before[path]

    def put(self, layer: LayerWriter) -> tuple[tuple[Upgraded, ...], tuple[str, ...]]:
        """Write what was chosen; return it, and notes."""
        done, puts = [], []
        for path, one in sorted(self._choice.chosen.items()):
            tarball, was = one.fetched.tarball, self._choice.before.get(path)
            new = self._choice.tree.modules[path]
            size = tarball.put(path, self._root, layer)
            tarball.link(path, bins_of(was.manifest) if was else {}, self._root, layer)
            puts.append(Put(path, new.name, new.version, one.fetched.url,
                            one.release.dist.integrity, tarball.manifest))  # fmt: skip
            done.append(Upgraded(new.name, "", was.version if was else "", new.version, (), size,
                                 one.fetched.url, one.fetched.digest))  # fmt: skip
        pins = self._moved_pins()
        projects = tuple(f"/{path}/package.json asks for the versions that are there now"
                         for path in sorted(pins))  # fmt: skip
        return tuple(done), (*projects, *relock(puts, pins, self._root, layer))

    def _moved_pins(self) -> dict[str, dict[str, str]]:
        """Map projects to what their exact pins have to say now."""
        found: dict[str, dict[str, str]] = {}
        for path in self._choice.chosen:
            new = self._choice.tree.modules[path]
            for one, text in self._choice.tree.dependents(new.name, path):
                if is_pin(one, text) and not accepts(text, new.version):
                    found.setdefault(one.path, {})[new.name] = new.version
        return found


def refused(new: Iterable[Finding]) -> Mapping[str, str]:
    """Return which versions would bring flaws of their own, by a word for each."""
    return {f"npm:{f.package.name}@{f.package.version}": "" for f in new
            if f.package.analyzer == "node-pkg"}  # fmt: skip
