"""Which version of a Node package can go into a folder, with all that moves along with it.

A version is taken if all that get the package accept it, what it needs is found from its folder or
can be put there, and nothing would have to run at its installation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress

from msgspec import Struct

from pratique.errors import DigestMismatch, SourceError
from pratique.model.inventory import Inventory
from pratique.model.upgrade import Level
from pratique.net import Client
from pratique.patch.model import Refused
from pratique.patch.nodehere import Here
from pratique.patch.nodetidy import added, broken, idle_places, places, spare, unreached
from pratique.patch.nodetrees import (
    Module,
    Tree,
    accepts,
    is_foreign,
    is_pin,
    needs_of,
    read_tree,
)
from pratique.patch.npmpackages import Fetched, Registry, Release, order, release_of
from pratique.patch.npmtarballs import is_module
from pratique.patch.root import Root
from pratique.upgrades import level, levels_to

_DEEPEST, _HIGHEST, _MOST_PARENTS, _MOST_TRIES, _MOST_NEW, _MOST_TRIED = 8, 3, 3, 6, 60, 400
_NAME = re.compile(r"(?:@[\w~-][\w.~-]*/)?[\w~-][\w.~-]*")


class _Stuck(Exception):  # noqa: N818 - never leaves this module
    pass


class Chosen(Struct):
    """A version that is to be put in."""

    release: Release
    fetched: Fetched


class Choice:
    """What is to go into which folder, as far as it is settled."""

    def __init__(
        self, root: Root, inventory: Inventory, up_to: Level, client: Client,
        refused: Iterable[str], has_flaw: Callable[[str, str], bool],
    ) -> None:  # fmt: skip
        self._root, self._refused, self._has_flaw = root, frozenset(refused), has_flaw
        self.levels = levels_to(up_to)
        self.before = read_tree(root)
        self.tree = Tree(self.before.modules)
        self.registry = Registry(client)
        self.chosen: dict[str, Chosen] = {}
        """By the folder that a version is to go into."""
        self._here = Here(root, inventory)

    def tried(self, path: str, to: str) -> str:
        """Choose a version for a folder, `to` or a later one; return why that cannot be."""
        there = self.tree.at(path)
        if there and path in self.chosen and not order(there.version) < order(to):
            return ""
        if why := self._here.why_not(path, there):
            return why
        trial, chosen = self.tree.trial(), dict(self.chosen)
        try:
            self._replace(trial, chosen, path, f">={to}", 0)
            self._tidy(trial, chosen)
            self._check(trial, chosen)
        except _Stuck as stuck:
            return str(stuck)
        except SourceError as error:
            if isinstance(error, DigestMismatch):
                raise
            return error.message
        self.tree.keep(trial)
        self.chosen = chosen
        return ""

    def _check(self, trial: Tree, chosen: Mapping[str, Chosen]) -> None:
        if len(chosen.keys() - self.before.modules.keys()) > _MOST_NEW:
            raise _Stuck("it needs too many new packages")
        if why := broken(trial, self.before, trial.touched()):
            raise _Stuck(why)

    def _tidy(self, trial: Tree, chosen: dict[str, Chosen]) -> None:
        """Leave out what another takes over; put what is left in the place of what nothing gets."""
        list(spare(trial, self.before))
        for place, inner in idle_places(trial, self.before):
            one, tarball = trial.at(inner), chosen[inner].fetched.tarball
            if (
                one is None
                or self._here.why_not(place, trial.at(place))
                or self._here.is_compiled(place)
            ):
                continue
            lifted = trial.trial()
            lifted.put(Module(place, one.name, one.version, one.manifest))
            with suppress(Refused):
                tarball.check_place(place, self._root)
                if not broken(lifted, self.before, {one.name, *one.needs()}):
                    trial.keep(lifted)
                    chosen[place] = chosen[inner]
        list(spare(trial, self.before))
        for path in chosen.keys() - trial.paths():
            del chosen[path]

    def tidy(self) -> set[str]:
        """Take away and return the folders that nothing gets any more."""
        idle = unreached(self.tree, self.before)
        gone = {path for path in idle if path in self.before.modules
                and not self._here.why_not(path, self.before.at(path))}  # fmt: skip
        for path in idle & (gone | self.chosen.keys()):
            self.chosen.pop(path, None)
            self.tree.drop(path)
        return gone

    def newest(self, name: str, written: str) -> list[str]:
        """Return the versions that a range takes, the newest first, those with flaws last."""
        releases = self.registry.releases(name) if _NAME.fullmatch(name) else {}
        fit = sorted((v for v in releases if accepts(written, v)), key=order, reverse=True)
        fit.sort(key=lambda v: (self._has_flaw(name, v), bool(releases[v].deprecated)))
        return fit

    def _replace(
        self, trial: Tree, chosen: dict[str, Chosen], path: str, wanted: str, depth: int
    ) -> None:
        """Choose the lowest version for a folder that all who get it accept."""
        there = trial.at(path)
        if there is None or depth > _DEEPEST:
            raise _Stuck("no end to what it needs")
        if self._here.is_compiled(path):
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
        dependents = [
            (one, text) for one, text in trial.dependents(there.name, there.path)
            if is_foreign(text) or accepts(text, there.version) or self._moves(one)
        ]  # fmt: skip
        fit, fewest = list[str](), list[tuple[Module, str]]()
        for version in self._later(there, wanted):
            against = [
                (one, text) for one, text in dependents
                if is_foreign(text) or not (is_pin(one, text) or accepts(text, version))
            ]  # fmt: skip
            if not against:
                fit.append(version)
            elif not fewest or len(against) < len(fewest):
                fewest = against
        return fit, [] if fit else fewest

    def _later(self, there: Module, wanted: str) -> list[str]:
        releases = self.registry.releases(there.name)
        found = sorted(releases, key=lambda v: (bool(releases[v].deprecated), order(v)))
        return [v for v in found if order(v) > order(there.version) and accepts(wanted, v)
                and (wanted[:1] != ">" or level(there.version, v) in self.levels)]  # fmt: skip

    def _raise(
        self, parents: Sequence[Module], trial: Tree, chosen: dict[str, Chosen], child: Module,
        wanted: str, depth: int,
    ) -> None:  # fmt: skip
        """Choose later versions of those that keep a flawed one back."""
        for parent in parents[:_MOST_PARENTS]:
            now = trial.at(parent.path)
            why = f"{parent.says} needs {child.name}@{parent.needs().get(child.name)}"
            if not parent.name or now is None or now.version != parent.version:
                raise _Stuck(why)
            if self._here.why_not(parent.path, parent) or self._here.is_compiled(parent.path):
                raise _Stuck(why)
            releases, steps = self.registry.releases(parent.name), self._later(child, wanted)
            fit = [
                version for version in self._fitting(trial, parent, f">{parent.version}")[0]
                if _takes(releases[version].dependencies, child.name, steps)
            ]  # fmt: skip
            try:
                self._any(trial, chosen, parent.path, parent.name, fit, depth + 1, why)
            except _Stuck as stuck:
                raise _Stuck(why) from stuck

    def _any(
        self, trial: Tree, chosen: dict[str, Chosen], path: str, name: str,
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
            _keep(trial, deeper, chosen, attempt)
            return
        raise _Stuck(reasons[0] if reasons else reason)

    def _choose(
        self, trial: Tree, chosen: dict[str, Chosen], path: str, name: str, version: str,
        depth: int,
    ) -> None:  # fmt: skip
        if f"npm:{name}@{version}" in self._refused:
            raise _Stuck(f"{name} {version} has flaws of its own")
        release, before = self.registry.releases(name)[version], trial.at(path)
        if release.has_install_script:
            raise _Stuck(f"{name} {version} runs a script when it is installed")
        self._check_system(name, version, release, before)
        fetched = self.registry.fetch(name, version)
        tarball = fetched.tarball
        tarball.check(name, version)
        self._check_system(name, version, release_of(tarball.manifest), before)
        tarball.check_place(path, self._root)
        if not tarball.has_main():
            raise _Stuck(f"{name} {version} does not have the file that it names as main")
        if before and is_module(tarball.manifest) and not is_module(before.manifest):
            raise _Stuck(f"{name} {version} can be imported alone, what requires it would fail")
        self._clear(trial, chosen, path)
        chosen[path] = Chosen(release, fetched)
        if len(chosen.keys() - self.before.modules.keys() - self.chosen.keys()) > _MOST_TRIED:
            raise _Stuck("it needs too many new packages")
        if before is None:
            self._check_inner(trial, path, name, version)
        trial.put(Module(path, name, version, tarball.manifest))
        self._settle(trial, chosen, trial.modules[path], before, depth)

    def _check_inner(self, trial: Tree, path: str, name: str, version: str) -> None:
        """Raise _Stuck where a new package would hide one that others below it need."""
        home = path.removesuffix(f"node_modules/{name}")
        for one in trial:
            written = one.needs().get(name) if f"{one.path}/".startswith(home) else None
            found = trial.find(name, one.path) if written is not None else None
            if written is None or (found and found.path.startswith(home)):
                continue
            was_met = found is not None and accepts(written, found.version)
            if (was_met or self._moves(one)) and not accepts(written, version):
                raise _Stuck(f"{one.says} needs {name}@{written}")

    def _moves(self, one: Module) -> bool:
        """Tell whether a package is what is tried now, so that not all of its needs are met yet."""
        return self.tree.at(one.path) is not one

    def _clear(self, trial: Tree, chosen: dict[str, Chosen], path: str) -> None:
        """Take away what was put below a folder for the version that was chosen for it before."""
        old = {path for path in added(trial, self.before, path) if path in chosen}
        while kept := {one for one in old if not _is_for(trial, one, {path, *old})}:
            old -= kept
        for one in old:
            del chosen[one]
            trial.drop(one)

    def _check_system(
        self, name: str, version: str, release: Release, before: Module | None
    ) -> None:
        if why := self._here.unfit(release, before.manifest if before else None):
            raise _Stuck(f"{name} {version} {why}")

    def _settle(
        self, trial: Tree, chosen: dict[str, Chosen], one: Module, before: Module | None,
        depth: int,
    ) -> None:  # fmt: skip
        """See that what a package needs is found from its folder, or choose it as well."""
        optional = needs_of(one.manifest, "optionalDependencies")
        for name, written in needs_of(one.manifest, "dependencies").items():
            if name not in optional:
                self._have(trial, chosen, one, (name, written), depth)
        known = needs_of(before.manifest, "optionalDependencies") if before else {}
        for name, written in optional.items():
            if trial.find(name, one.path):
                self._have(trial, chosen, one, (name, written), depth)
            elif known.get(name) != written:
                deeper, attempt = trial.trial(), dict(chosen)
                with suppress(_Stuck, SourceError):
                    self._have(deeper, attempt, one, (name, written), depth)
                    _keep(trial, deeper, chosen, attempt)
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
        self, trial: Tree, chosen: dict[str, Chosen], one: Module, need: tuple[str, str],
        depth: int,
    ) -> None:  # fmt: skip
        """Let a package find what it needs: as it is, in a later version, or in its own folder."""
        name, written = need
        found = trial.find(name, one.path)
        if found and accepts(written, found.version):
            return
        if is_foreign(written) or written.startswith("npm:"):
            raise _Stuck(f"{one.says} needs {name}@{written}")
        own = f"{one.path}/node_modules/{name}"
        is_new = found and chosen.get(found.path) is not self.chosen.get(found.path)
        if found and not is_new and not self._here.why_not(found.path, found):
            deeper, attempt = trial.trial(), dict(chosen)
            try:
                self._replace(deeper, attempt, found.path, written, depth + 1)
            except _Stuck:
                pass
            else:
                _keep(trial, deeper, chosen, attempt)
                return
        if depth >= _DEEPEST:
            raise _Stuck(f"{one.says} needs {name}@{written}")
        put = self._displace if trial.at(own) else self._add
        put(trial, chosen, one, need, depth)

    def _displace(
        self, trial: Tree, chosen: dict[str, Chosen], one: Module, need: tuple[str, str],
        depth: int,
    ) -> None:  # fmt: skip
        """Put another version in a package's own folder; packages in it get their own copies."""
        name, written = need
        own = f"{one.path}/node_modules/{name}"
        others = [(user.path, text) for user, text in trial.dependents(name, own)
                  if user.path != one.path]  # fmt: skip
        why = f"{one.says} needs {name}@{written}"
        if self._here.why_not(own, trial.at(own)) or self._here.is_compiled(own):
            raise _Stuck(why)
        fit = [v for v in sorted(self.registry.releases(name), key=order) if accepts(written, v)]
        self._any(trial, chosen, own, name, fit, depth + 1, why)
        for path, text in others:
            if user := trial.at(path):
                self._have(trial, chosen, user, (name, text), depth + 1)

    def _add(
        self, trial: Tree, chosen: dict[str, Chosen], one: Module, need: tuple[str, str],
        depth: int,
    ) -> None:  # fmt: skip
        """Put what is not there yet as high as it harms nobody, as new as may be."""
        name, written = need
        fit = self.newest(name, written)
        why = _Stuck(f"{one.says} needs {name}@{written}, which cannot be had")
        for place in places(trial, one.path, name):
            try:
                self._any(trial, chosen, place, name, fit, depth + 1, str(why))
            except _Stuck as stuck:
                why = stuck
            else:
                return
        raise why


def _is_for(trial: Tree, path: str, users: Collection[str]) -> bool:
    """Tell whether nothing but some gets the package in a folder."""
    name = path.rpartition("node_modules/")[2]
    return all(user.path in users for user, _ in trial.dependents(name, path))


def _keep(
    trial: Tree, deeper: Tree, chosen: dict[str, Chosen], attempt: Mapping[str, Chosen]
) -> None:
    """Take over what was tried: also what is chosen no more."""
    trial.keep(deeper)
    chosen.clear()
    chosen.update(attempt)


def _takes(needs: object, name: str, versions: Iterable[str]) -> bool:
    """Tell whether what a package needs leaves a way to one of some versions."""
    written = needs_of({"needs": needs}, "needs").get(name)
    return written is None or any(accepts(written, version) for version in versions)
