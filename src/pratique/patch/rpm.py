"""Patch packages of RPM distributions: resolve, verify, unpack, keep rpm's database true."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from pratique.codecs.debrelation import Relation
from pratique.codecs.rpmversion import version_key
from pratique.errors import UsageError
from pratique.model.finding import Finding
from pratique.net import Client
from pratique.patch import rpmdatabase, rpmmodules, rpmscripts
from pratique.patch.downloads import Downloads
from pratique.patch.layer import LayerWriter, Written
from pratique.patch.model import Change, Order, Refused, Stays, Upgraded
from pratique.patch.resolution import Deb, Goal, Key, Resolution, resolve
from pratique.patch.root import Root
from pratique.patch.rpmdatabase import RpmDatabase
from pratique.patch.rpmrepositories import RpmRepositories
from pratique.patch.rpmsettings import settings_of
from pratique.patch.rpmsources import Held, sources_of, variables_of
from pratique.patch.rpmunpacking import RpmUnpacking

WANTED = rpmdatabase.WANTED
_VERSION = re.compile(r"^VERSION_ID=[\"']?([^\"'\s]+)", re.MULTILINE)
_KEYS = "etc/pki/rpm-gpg"


def patch(
    root: Root, findings: Sequence[Finding], order: Order, client: Client, folder: str
) -> Change:
    """Write a layer into a folder that removes findings, as far as the repositories have fixes."""
    database = RpmDatabase(root)
    if not database.native:
        raise UsageError("the image does not say for which architecture its packages are")
    patching = _Patching(database, order, client, folder)
    goals = _goals(findings, database)
    if not goals:
        return Change((), ())
    held = {g.key: why for g in goals if (why := patching.held(g.key))}
    patching.read_indexes()
    resolution = patching.resolved([goal for goal in goals if goal.key not in held])
    failed = {**held, **resolution.failed}
    stays = tuple(
        Stays(key[0], _version(resolution, database, key), why)
        for key, why in sorted(failed.items())
    )
    upgraded, layer = patching.written(resolution.plan)
    return Change(upgraded, stays, tuple(patching.notes), layer)


def _version(resolution: Resolution, database: RpmDatabase, key: Key) -> str:
    planned = resolution.plan.get(key)
    return planned.version if planned else database.packages[key].version


def _goals(findings: Iterable[Finding], database: RpmDatabase) -> list[Goal]:
    """Return what has to be upgraded, for each package the version that fixes most of it first."""
    wanted: set[tuple[Key, str]] = set()
    for finding in findings:
        package = finding.package
        keys = [k for k in database.packages
                if k[0] == package.name and package.arch in ("", k[1])]  # fmt: skip
        wanted |= {(key, finding.fixed[0]) for key in keys if finding.fixed}
    ordered = sorted(wanted, key=lambda pair: _order(pair[1]), reverse=True)
    return [Goal(key, version) for key, version in sorted(ordered, key=lambda pair: pair[0])]


def _order(version: str) -> tuple[int, object]:
    try:
        return 1, version_key(version)
    except ValueError:
        return 0, version


class _Patching:
    def __init__(self, database: RpmDatabase, order: Order, client: Client, folder: str) -> None:
        self._db = database
        self._order = order
        self._folder = folder
        root = database.root
        files = [root.read(path) or b"" for path in root.files(_KEYS)]
        labels = (p.header.text(5096).split(":") for p in database.packages.values())
        streams = {(label[0], label[1]) for label in labels if len(label) > 1}
        streams |= rpmmodules.enabled(root)
        keys = [*database.keys, *files, *order.keyrings]
        self._from = RpmRepositories(root, client, keys, streams)
        self._packages = Downloads(folder, self._from.fetch)
        self._settings = settings_of(root)
        self._held = Held(root)
        self._blocked: dict[str, tuple[Deb, str]] = {}
        self._checked: set[str] = set()
        broken = f"{database.broken} records of RPM's database cannot be read"
        self.notes: list[str] = [broken] if database.broken else []

    def held(self, key: Key) -> str:
        """Return why a package may not be upgraded; empty where it may."""
        if key[0] in self._db.doubled:
            return "several versions of it are installed side by side"
        return self._held.why(*key)

    def read_indexes(self) -> None:
        """Read what every repository of the image has."""
        variables = variables_of(self._db.root, self._release(), self._db.native)
        self._from.paths |= self._db.needed_paths()
        self._from.is_there = self._is_there
        for source in sources_of(self._db.root, self._order.mirrors, variables):
            if not source.urls and self._order.mirrors:
                self.notes.append(f"{source.name}: left out, no path says where a mirror has it")
            elif source.needs_login:
                self.notes.append(f"{source.name}: left out, it asks for a client's certificate")
            else:
                self._from.read(source, variables)

    def _release(self) -> str:
        """Return what $releasever stands for: what the release package provides, or is of."""
        for wanted in ("system-release(releasever)", "system-release", "redhat-release"):
            for package in self._db.packages.values():
                header = package.header
                for name, version in zip(header.texts(1047), header.texts(1113), strict=False):
                    if name == wanted and (wanted != "system-release" or version):
                        return version if "(" in wanted else header.text(1001)
        data = self._db.root.read("etc/os-release") or self._db.root.read("usr/lib/os-release")
        match = _VERSION.search((data or b"").decode("utf-8", "replace"))
        return match[1] if match else ""

    def _is_there(self, relation: Relation) -> bool:
        """Tell whether the image has what a relation names: a path, or what is provided."""
        if relation.name.startswith("/"):
            return bool(self._db.owners(self._db.root.resolve(relation.name)))
        found = self._db.provided.get(relation.name, ())
        return any(not relation.sign or relation.allows(v, _order) for v in found)

    def resolved(self, goals: Sequence[Goal]) -> Resolution:
        """Resolve until every package of the plan can be unpacked without running a scriptlet."""
        installed = list(self._db.debs(self._from.paths))
        while True:
            found = resolve(installed, self._offers, goals, self._db.native, version_key)
            before = len(self._blocked)
            for deb in found.plan.values():
                self._check(deb)
            if len(self._blocked) == before:
                return Resolution(found.plan, found.failed | self._refusals(found))

    def _offers(self, name: str) -> list[Deb]:
        """Return what there is of a name, for the architectures of the image."""
        return [self._whole(d) for d in self._from.offers(name) if self._is_for_us(d)]

    def _is_for_us(self, deb: Deb) -> bool:
        """Leave out what was refused, what is held, what would change an architecture."""
        if deb.at in self._blocked or self.held((deb.name, deb.arch)):
            return False
        return deb.arch in self._db.arches.get(deb.name, (self._db.native, "noarch"))

    def _whole(self, deb: Deb) -> Deb:
        """Let an upgrade have the files of the installed version: its own header is asked later."""
        old = self._db.packages.get((deb.name, deb.arch))
        if old is None:
            return deb
        known = {given.name for given in deb.provides}
        paths = (p for p in self._db.paths_of(old) if p in self._from.paths and p not in known)
        return replace(deb, provides=(*deb.provides, *map(Relation, paths)))

    def _refusals(self, found: Resolution) -> dict[Key, str]:
        """Return of packages that were refused why, rather than that they are not to be had."""
        reasons: dict[Key, str] = {}
        for deb, why in self._blocked.values():
            key = (deb.name, deb.arch)
            if key in found.failed:
                reasons.setdefault(key, f"{deb.version}: {why}")
            for other, said in found.failed.items():
                if other != key and deb.name in said.split():
                    reasons.setdefault(other, f"{said} ({deb.name} {deb.version}: {why})")
        return reasons

    def _check(self, deb: Deb) -> None:
        if deb.at in self._checked:
            return
        self._checked.add(deb.at)
        with self._packages.open(deb) as file:
            unpacking = RpmUnpacking(deb, file, self._db, self._from.certs_of(deb), self._settings)
            try:
                unpacking.check()
            except Refused as refused:
                self._blocked[deb.at] = (deb, refused.message)

    def written(self, plan: dict[Key, Deb]) -> tuple[tuple[Upgraded, ...], Written | None]:
        """Write the layer of a plan."""
        if not plan:
            return (), None
        path = os.path.join(self._folder, "layer.tar.gz")
        with LayerWriter(path, self._db.root, self._order.epoch) as layer:
            upgraded = tuple(self._unpack(plan[key], layer) for key in sorted(plan))
            self._db.write(layer)
            return upgraded, layer.close()

    def _unpack(self, deb: Deb, layer: LayerWriter) -> Upgraded:
        with self._packages.open(deb) as file:
            unpacking = RpmUnpacking(deb, file, self._db, self._from.certs_of(deb), self._settings)
            unpacking.unpack(layer)
        old = unpacking.old
        self._db.replace((deb.name, deb.arch), unpacking.blob(self._order.epoch))
        root = self._db.root
        nodes = (root.node(f.path) for f in (old.files if old else ()) if f.kind == "file")
        replaced = sum(node.size for node in nodes if node and node.kind == "file")
        not_run = rpmscripts.not_run(unpacking.header)
        before = old.version if old else ""
        return Upgraded(deb.name, deb.arch, before, deb.version, not_run, replaced, deb.at,
                        self._packages.digests[deb.at])  # fmt: skip
