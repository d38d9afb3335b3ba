"""Patch Alpine's packages: resolve, verify, unpack, keep apk's database true."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from pratique.codecs import apkpackage
from pratique.codecs.debrelation import Relation
from pratique.ecosystems.apk import version_key
from pratique.errors import UsageError
from pratique.model.finding import Finding
from pratique.net import Client
from pratique.patch import apkdb
from pratique.patch.apkdb import Database
from pratique.patch.apkrepositories import Repositories, repositories_of
from pratique.patch.apkunpacking import Unpacking
from pratique.patch.downloads import Downloads
from pratique.patch.layer import LayerWriter, Written
from pratique.patch.model import Change, Order, Refused, Stays, Upgraded
from pratique.patch.resolution import Deb, Goal, Key, Resolution, resolve
from pratique.patch.root import Root

WANTED = apkdb.WANTED
_WORLD = "/etc/apk/world"


def patch(
    root: Root, findings: Sequence[Finding], order: Order, client: Client, folder: str
) -> Change:
    """Write a layer into a folder that removes findings, as far as the repositories have fixes."""
    database = Database(root)
    if not database.native:
        raise UsageError("the image does not say for which architecture its packages are")
    patching = _Patching(database, order, client, folder)
    goals = _goals(findings, database)
    if not goals:
        return Change((), ())
    patching.read_indexes()
    resolution = patching.resolved(goals)
    stays = tuple(
        Stays(key[0], resolution.plan.get(key, database.by_key[key].deb).version, why)
        for key, why in sorted(resolution.failed.items())
    )
    upgraded, layer = patching.written(resolution.plan)
    return Change(upgraded, stays, tuple(patching.notes), layer)


def _goals(findings: Iterable[Finding], database: Database) -> list[Goal]:
    """Return what has to be upgraded, for each package the version that fixes most of it first."""
    keys = {key[0]: key for key in database.by_key}
    wanted = {(f.package.name, f.fixed[0]) for f in findings if f.package.name in keys}
    ordered = sorted(wanted, key=lambda pair: _order(pair[1]), reverse=True)
    return [Goal(keys[name], version) for name, version in sorted(ordered, key=lambda p: p[0])]


def _order(version: str) -> tuple[int, object]:
    try:
        return 1, version_key(version)
    except ValueError:
        return 0, version


class _Patching:
    def __init__(self, database: Database, order: Order, client: Client, folder: str) -> None:
        self._db = database
        self._order = order
        self._folder = folder
        self._from = Repositories(database.root, client, database.native, order.keyrings)
        self._packages = Downloads(folder, self._from.fetch)
        self._blocked: dict[tuple[str, str], str] = {}
        self._checked: set[str] = set()
        broken = f"{database.broken} entries of apk's database cannot be read"
        self.notes: list[str] = [broken] if database.broken else []

    def read_indexes(self) -> None:
        """Read what every repository of the image has."""
        for url in repositories_of(self._db.root, self._order.mirrors):
            if url.startswith(("http://", "https://")):
                self._from.read(url)
            else:
                self.notes.append(f"{url}: left out, it is not to be had by HTTP")

    def resolved(self, goals: Sequence[Goal]) -> Resolution:
        """Resolve until every package of the plan can be unpacked without running a script."""
        installed = [package.deb for package in self._db.packages.values()]
        installed.append(_world(self._db.root))
        while True:
            found = resolve(installed, self._offers, goals, self._db.native, version_key)
            before = len(self._blocked)
            for deb in found.plan.values():
                self._check(deb)
            if len(self._blocked) == before:
                return Resolution(found.plan, found.failed | self._refusals(found))

    def _offers(self, name: str) -> list[Deb]:
        return [d for d in self._from.offers(name) if (d.name, d.version) not in self._blocked]

    def _refusals(self, found: Resolution) -> dict[Key, str]:
        """Return of packages that were refused why, rather than that they are not to be had."""
        return {
            key: f"{version}: {why}"
            for (name, version), why in self._blocked.items()
            for key in found.failed
            if key[0] == name
        }

    def _check(self, deb: Deb) -> None:
        if deb.at in self._checked:
            return
        self._checked.add(deb.at)
        with self._packages.open(deb) as file:
            try:
                Unpacking(deb, self._from.lines[deb.at], file, self._db).check()
            except Refused as refused:
                self._blocked[deb.name, deb.version] = refused.message

    def written(self, plan: dict[Key, Deb]) -> tuple[tuple[Upgraded, ...], Written | None]:
        """Write the layer of a plan."""
        if not plan:
            return (), None
        path = os.path.join(self._folder, "layer.tar.gz")
        with LayerWriter(path, self._db.root, self._order.epoch) as layer:
            upgraded = tuple(self._unpack(plan[key], layer) for key in sorted(plan))
            layer.write(f"{self._db.home}/installed", self._db.text())
            self._write_scripts(layer)
            return upgraded, layer.close()

    def _unpack(self, deb: Deb, layer: LayerWriter) -> Upgraded:
        with self._packages.open(deb) as file:
            unpacking = Unpacking(deb, self._from.lines[deb.at], file, self._db)
            unpacking.unpack(layer)
        old = unpacking.old
        self._db.replace(old, unpacking.entry())
        if old:
            for key in [key for key in self._db.scripts if key[0] == old.deb.digest]:
                del self._db.scripts[key]
        for name, data in sorted(unpacking.apk.scripts.items()):
            self._db.scripts[deb.digest, name] = (f"{deb.name}-{deb.version}", data)
        nodes = (self._db.root.node(path) for path in (old.files() if old else ()))
        replaced = sum(node.size for node in nodes if node and node.kind == "file")
        before = old.deb.version if old else ""
        not_run = unpacking.scripts_not_run()
        return Upgraded(deb.name, deb.arch, before, deb.version, not_run, replaced,
                        deb.at, self._packages.digests[deb.at])  # fmt: skip

    def _write_scripts(self, layer: LayerWriter) -> None:
        """Write the archive of scripts, and whose triggers wait for what."""
        home, root = self._db.home, self._db.root
        packed = root.read(f"{home}/scripts.tar.gz") is not None
        if packed or root.read(f"{home}/scripts.tar") is not None or self._db.scripts:
            data = self._db.scripts_tar(self._order.epoch)
            name = "scripts.tar"
            if packed:
                import gzip  # noqa: PLC0415 - of apk-tools 3 alone

                data, name = gzip.compress(data, mtime=0), "scripts.tar.gz"
            layer.write(f"{home}/{name}", data)
        if self._db.triggers is not None:
            layer.write(f"{home}/triggers", self._db.triggers)


def _world(root: Root) -> Deb:
    """Return what the image is to have as a package that needs it: pins stay as they are."""
    words = (root.read(_WORLD.lstrip("/")) or b"").decode("utf-8", "replace").split()
    needs: list[tuple[Relation, ...]] = []
    refuses: list[Relation] = []
    for word in words:
        try:
            found = apkpackage.relation(word)
        except ValueError:
            continue
        if word.startswith("!"):
            refuses.append(found)
        else:
            needs.append((found,))
    return Deb(_WORLD, "0", "all", "0", tuple(needs), tuple(refuses))
