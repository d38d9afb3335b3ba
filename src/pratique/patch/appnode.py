"""Patch Node packages of an application: tarballs in the place of what is in `node_modules`.

A version is taken if all that get the package accept it, what it needs is found from its folder or
can be put there, and nothing would have to run at its installation.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pratique.errors import DigestMismatch, SourceError
from pratique.model.finding import Finding
from pratique.model.inventory import Inventory
from pratique.model.report import Report
from pratique.model.upgrade import Level
from pratique.net import Client
from pratique.patch.apppart import Part, left
from pratique.patch.layer import LayerWriter
from pratique.patch.model import Order, Refused, Stays, Upgraded
from pratique.patch.nodetrees import (
    OF_DISTRIBUTION,
    Module,
    Tree,
    accepts,
    is_foreign,
    is_pin,
    needs_of,
    read_tree,
)  # fmt: skip
from pratique.patch.npmlocks import Put, relock
from pratique.patch.npmpackages import Fetched, Registry, Release, order
from pratique.patch.npmtarballs import bins_of, own_files
from pratique.patch.root import Root
from pratique.suitable import lesser_versions
from pratique.upgrades import level, risk, upgrades

_LEVELS: tuple[Level, ...] = ("patch", "minor", "major")
_DEEPEST, _HIGHEST, _MOST_PARENTS, _MOST_TRIES, _MOST_LESSER, _MOST_NEW = 8, 3, 3, 6, 20, 40
_STORES = ("/.pnpm/", "/.store/", "/.yarn/", "/.deno/")


class _Stuck(Exception):  # noqa: N818 - never leaves this module
    pass


class _Goal(Struct):
    """A package in a folder, and the versions that would do, what removes most first."""

    path: str
    name: str
    version: str
    to: tuple[str, ...]


class _Chosen(Struct):
    release: Release
    fetched: Fetched


def patch(
    report: Report, order: Order, client: Client, refused: Iterable[str], layer: LayerWriter
) -> Part:
    """Write packages that remove findings into a layer; `refused` are versions with own flaws."""
    own = [f for f in report.findings if f.fixed and f.package.analyzer == "node-pkg"]
    if not own:
        return Part((), ())
    planning = _Planning(layer.root, report.inventory, order, client, refused)
    planning.plan(own, report)
    upgraded, notes = planning.put(layer)
    return Part(upgraded, tuple(dict.fromkeys(planning.stays)), notes)


class _Planning:
    def __init__(
        self, root: Root, inventory: Inventory, order: Order, client: Client,
        refused: Iterable[str],
    ) -> None:  # fmt: skip
        self._root, self._inventory, self._order = root, inventory, order
        self._refused = frozenset(refused)
        self._tree = read_tree(root)
        self._before = dict(self._tree.modules)
        self._registry = Registry(client)
        self._chosen: dict[str, _Chosen] = {}
        self._node = _node_version(inventory)
        self.stays: list[Stays] = []

    def plan(self, findings: Sequence[Finding], report: Report) -> None:
        """Choose what to put in, what removes the greatest risk first."""
        allowed = _LEVELS[: _LEVELS.index(self._order.up_to) + 1]
        near = tuple(
            replace(f, fixed=tuple(v for v in f.fixed if level(f.package.version, v) in allowed))
            for f in findings
        )
        found = sorted(upgrades(replace(report, findings=near)), key=lambda u: -risk(u.removes))
        self._registry.prefetch(one.name for one in found)
        goals = list[_Goal]()
        for one in found:
            own = [f for f in near if f.package.name == one.name
                   and f.package.version == one.installed[0]]  # fmt: skip
            lesser = lesser_versions(own, one.to, self._inventory.distro)[:_MOST_LESSER]
            goals += [
                _Goal(path, one.name, one.installed[0], (one.to, *lesser))
                for path in sorted({posixpath.dirname(f.package.path) for f in own})
            ]
        self._reach(goals)
        self._prune({goal.path for goal in goals})
        told = {(one.name, one.installed[0]) for one in found}
        far = [f for f in findings if (f.package.name, f.package.version) not in told]
        self.stays += left(far, f"its fix is further away than a {self._order.up_to} version")

    def _reach(self, goals: Sequence[_Goal]) -> None:
        """Try all, and those that failed again while others succeed: a parent may have moved."""
        while True:
            before, failed = len(self._chosen), list[tuple[_Goal, str]]()
            for goal in goals:
                reasons = [self._tried(goal.path, to) for to in goal.to]
                if all(reasons):
                    failed.append((goal, reasons[0]))
            goals = [goal for goal, _ in failed]
            if len(self._chosen) == before or not failed:
                break
        self.stays += [Stays(goal.name, goal.version, why) for goal, why in failed]

    def _prune(self, goals: set[str]) -> None:
        """Leave out what nothing asks for any more, since another version was chosen later."""
        while idle := [
            path for path in self._chosen
            if path not in goals
            and not any(True for _ in self._tree.dependents(self._tree.modules[path].name, path))
        ]:  # fmt: skip
            for path in idle:
                del self._chosen[path], self._tree.modules[path]
                if path in self._before:
                    self._tree.modules[path] = self._before[path]

    def _tried(self, path: str, to: str) -> str:
        """Choose a version for a folder, `to` or a later one; return why that cannot be."""
        there = self._tree.at(path)
        if there and path in self._chosen and not order(there.version) < order(to):
            return ""
        if why := self._why_not_here(path, there):
            return why
        trial, chosen = self._tree.trial(), dict(self._chosen)
        try:
            self._replace(trial, chosen, path, f">={to}", 0)
        except _Stuck as stuck:
            return str(stuck)
        except SourceError as error:
            if isinstance(error, DigestMismatch):
                raise
            return error.message
        self._tree.keep(trial)
        self._chosen = chosen
        return ""

    def _why_not_here(self, path: str, there: Module | None) -> str:
        if f"{path}/".startswith(OF_DISTRIBUTION):
            return "it belongs to the distribution's own Node"
        if any(store in f"/{path}/" for store in _STORES):
            return "it is in a store of links (pnpm, yarn, Deno), which a build has to make"
        if there is None or not there.name:
            return "it is no package in a folder of node_modules"
        if there.manifest.get("name") != there.name:
            return "it is installed by another name"
        if self._root.resolve(f"{path}/x") != f"{path}/x":
            return "its folder is a link"
        return ""

    def _replace(
        self, trial: Tree, chosen: dict[str, _Chosen], path: str, wanted: str, depth: int
    ) -> None:
        """Choose the lowest version for a folder that all who get it accept."""
        there = trial.at(path)
        if there is None or depth > _DEEPEST:
            raise _Stuck("no end to what it needs")
        if self._is_compiled(path):
            raise _Stuck("it was compiled for this image")
        fit, against = self._fitting(trial, there, wanted)
        reason = f"no version {wanted} of it can be had"
        if against:
            reason = f"{against[0][0].says} needs {there.name}@{against[0][1]}"
        if not fit and against and depth < _HIGHEST:
            self._raise([one for one, _ in against], trial, chosen, there, wanted, depth)
            now = trial.at(path)
            if now and accepts(wanted, now.version):
                return
            fit, _ = self._fitting(trial, there, wanted)
        self._any(trial, chosen, path, there.name, fit, depth, reason)

    def _fitting(
        self, trial: Tree, there: Module, wanted: str
    ) -> tuple[list[str], list[tuple[Module, str]]]:
        """Return which later versions all accept, else the fewest who do not and what they ask."""
        dependents = [(one, text) for one, text in trial.dependents(there.name, there.path)
                      if is_foreign(text) or accepts(text, there.version, there.name)]  # fmt: skip
        fit, fewest = list[str](), list[tuple[Module, str]]()
        for version in self._later(there, wanted):
            against = [
                (one, text) for one, text in dependents
                if is_foreign(text) or not (is_pin(one, text) or accepts(text, version, there.name))
            ]  # fmt: skip
            if not against:
                fit.append(version)
            elif not fewest or len(against) < len(fewest):
                fewest = against
        return fit, [] if fit else fewest

    def _later(self, there: Module, wanted: str) -> list[str]:
        found = sorted(self._registry.releases(there.name), key=order)
        allowed = _LEVELS[: _LEVELS.index(self._order.up_to) + 1]
        return [v for v in found if order(v) > order(there.version) and accepts(wanted, v)
                and (wanted[:1] != ">" or level(there.version, v) in allowed)]  # fmt: skip

    def _raise(
        self, parents: Sequence[Module], trial: Tree, chosen: dict[str, _Chosen], child: Module,
        wanted: str, depth: int,
    ) -> None:  # fmt: skip
        """Choose later versions of those that keep a flawed one back."""
        for parent in parents[:_MOST_PARENTS]:
            now = trial.at(parent.path)
            why = f"{parent.says} needs {child.name}@{parent.needs().get(child.name)}"
            if not parent.name or now is None or now.version != parent.version:
                raise _Stuck(why)
            if self._why_not_here(parent.path, parent) or self._is_compiled(parent.path):
                raise _Stuck(why)
            releases, steps = self._registry.releases(parent.name), self._later(child, wanted)
            fit = [
                version for version in self._fitting(trial, parent, f">{parent.version}")[0]
                if _takes(releases[version].dependencies, child.name, steps)
            ]  # fmt: skip
            try:
                self._any(trial, chosen, parent.path, parent.name, fit, depth + 1, why)
            except _Stuck as stuck:
                raise _Stuck(why) from stuck

    def _any(
        self, trial: Tree, chosen: dict[str, _Chosen], path: str, name: str,
        versions: Sequence[str], depth: int, reason: str,
    ) -> None:  # fmt: skip
        """Choose the first of some versions that can be put into a folder."""
        reasons = []
        for version in versions[:_MOST_TRIES]:
            deeper, attempt = trial.trial(), dict(chosen)
            try:
                self._choose(deeper, attempt, path, name, version, depth)
            except (_Stuck, Refused) as stuck:
                reasons.append(str(stuck))
                continue
            trial.keep(deeper)
            chosen |= attempt
            return
        raise _Stuck(reasons[0] if reasons else reason)

    def _choose(
        self, trial: Tree, chosen: dict[str, _Chosen], path: str, name: str, version: str,
        depth: int,
    ) -> None:  # fmt: skip
        if f"npm:{name}@{version}" in self._refused:
            raise _Stuck(f"{name} {version} has flaws of its own")
        release, before = self._registry.releases(name)[version], trial.at(path)
        self._check_release(name, version, release, before)
        fetched = self._registry.fetch(name, version)
        tarball = fetched.tarball
        tarball.check(name, version)
        tarball.check_place(path, self._root)
        if not tarball.has_main():
            raise _Stuck(f"{name} {version} does not have the file that it names as main")
        chosen[path] = _Chosen(release, fetched)
        if len(chosen.keys() - self._before.keys() - self._chosen.keys()) > _MOST_NEW:
            raise _Stuck("it needs too many new packages")
        if before is None:
            _check_inner(trial, path, name, version)
        trial.modules[path] = Module(path, name, version, tarball.manifest)
        self._settle(trial, chosen, trial.modules[path], before, depth)

    def _check_release(
        self, name: str, version: str, release: Release, before: Module | None
    ) -> None:
        if release.has_install_script:
            raise _Stuck(f"{name} {version} runs a script when it is installed")
        old = before.manifest if before else {}
        if before and (release.os, release.cpu) != (old.get("os"), old.get("cpu")):
            raise _Stuck(f"{name} {version} is for another system")
        if not before and (release.os or release.cpu):
            raise _Stuck(f"{name} {version} is for certain systems only")
        wanted = needs_of({"engines": release.engines}, "engines").get("node", "")
        was = needs_of(old, "engines").get("node", "")
        was_unfit = bool(before and was and not accepts(was, self._node))
        if self._node and wanted and not accepts(wanted, self._node) and not was_unfit:
            raise _Stuck(f"{name} {version} needs Node {wanted}")

    def _settle(
        self, trial: Tree, chosen: dict[str, _Chosen], one: Module, before: Module | None,
        depth: int,
    ) -> None:  # fmt: skip
        """See that what a package needs is found from its folder, or choose it as well."""
        optional = needs_of(one.manifest, "optionalDependencies")
        for name, written in needs_of(one.manifest, "dependencies").items():
            if name not in optional:
                self._have(trial, chosen, one, (name, written), depth)
        for name, written in optional.items():
            if trial.find(name, one.path):
                self._have(trial, chosen, one, (name, written), depth)
        peers = needs_of(one.manifest, "peerDependencies")
        meta = one.manifest.get("peerDependenciesMeta")
        meta = meta if isinstance(meta, dict) else {}
        old = needs_of(before.manifest, "peerDependencies") if before else {}
        for name, written in peers.items():
            found = trial.find(name, one.path)
            may_lack = isinstance(meta.get(name), dict) and meta[name].get("optional")
            fits = accepts(written, found.version) if found else bool(may_lack)
            if not fits and old.get(name) != written:
                raise _Stuck(f"{one.says} needs {name}@{written} beside it")

    def _have(
        self, trial: Tree, chosen: dict[str, _Chosen], one: Module, need: tuple[str, str],
        depth: int,
    ) -> None:  # fmt: skip
        """Let a package find what it needs: as it is, in a later version, or in its own folder."""
        name, written = need
        found = trial.find(name, one.path)
        if found and accepts(written, found.version, name):
            return
        if is_foreign(written) or written.startswith("npm:"):
            raise _Stuck(f"{one.says} needs {name}@{written}")
        own = f"{one.path}/node_modules/{name}"
        is_new = found and chosen.get(found.path) is not self._chosen.get(found.path)
        if found and not is_new and not self._why_not_here(found.path, found):
            deeper, attempt = trial.trial(), dict(chosen)
            try:
                self._replace(deeper, attempt, found.path, written, depth + 1)
            except _Stuck:
                if found.path == own:
                    raise
            else:
                trial.keep(deeper)
                chosen |= attempt
                return
        if trial.at(own) or depth >= _DEEPEST:
            raise _Stuck(f"{one.says} needs {name}@{written}")
        fit = [v for v in self._registry.releases(name) if accepts(written, v)]
        fit.sort(key=order, reverse=True)  # what is not there yet is as new as may be
        self._any(trial, chosen, own, name, fit, depth + 1,
                  f"{one.says} needs {name}@{written}, which cannot be had")  # fmt: skip

    def _is_compiled(self, path: str) -> bool:
        """Tell whether a package of the image has programs that were built or fetched for it."""
        return any(f.endswith(".node") or f == f"{path}/binding.gyp"
                   for f in own_files(path, self._root))  # fmt: skip

    def put(self, layer: LayerWriter) -> tuple[tuple[Upgraded, ...], tuple[str, ...]]:
        """Write what was chosen; return it, and notes."""
        done, puts = [], []
        for path, one in sorted(self._chosen.items()):
            tarball, was = one.fetched.tarball, self._before.get(path)
            new = self._tree.modules[path]
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
        for path in self._chosen:
            new = self._tree.modules[path]
            for one, text in self._tree.dependents(new.name, path):
                if is_pin(one, text) and not accepts(text, new.version):
                    found.setdefault(one.path, {})[new.name] = new.version
        return found


def _check_inner(trial: Tree, path: str, name: str, version: str) -> None:
    """Raise _Stuck where a new package would hide one that others below it need."""
    home = path.removesuffix(f"node_modules/{name}")
    for one in trial:
        written = one.needs().get(name) if one.path.startswith(home) else None
        found = trial.find(name, one.path) if written is not None else None
        if found is None or written is None or found.path.startswith(home):
            continue
        if accepts(written, found.version, name) and not accepts(written, version, name):
            raise _Stuck(f"{one.says} needs {name}@{written}")


def _takes(needs: object, name: str, versions: Iterable[str]) -> bool:
    """Tell whether what a package needs leaves a way to one of some versions."""
    written = needs_of({"needs": needs}, "needs").get(name)
    return written is None or any(accepts(written, version, name) for version in versions)


def _node_version(inventory: Inventory) -> str:
    """Return the version of Node in an image as far as packages tell; empty if they do not."""
    for package in inventory.packages:
        if package.name in ("nodejs", "node", "nodejs-current") and package.type != "npm":
            version = package.version.partition(":")[2] or package.version
            numbers = version.partition("-")[0].partition("+")[0].partition("~")[0].split(".")
            if len(numbers) >= 3 and all(number.isdigit() for number in numbers[:3]):
                return ".".join(numbers[:3])
    return ""


def refused(new: Iterable[Finding]) -> Mapping[str, str]:
    """Return which versions would bring flaws of their own, by a word for each."""
    return {f"npm:{f.package.name}@{f.package.version}": "" for f in new
            if f.package.analyzer == "node-pkg"}  # fmt: skip
