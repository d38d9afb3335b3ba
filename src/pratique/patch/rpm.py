"""Patch packages of RPM distributions: resolve, verify, unpack, keep rpm's database true."""

from __future__ import annotations

import os
import re
from base64 import b64decode
from collections.abc import Iterable, Sequence

from pratique.codecs.rpmversion import version_key
from pratique.model.finding import Finding
from pratique.net import Client
from pratique.patch.downloads import Downloads
from pratique.patch.layer import LayerWriter, Written
from pratique.patch.model import Change, Order, Refused, Stays, Upgraded
from pratique.patch.resolution import Deb, Goal, Key, Resolution, resolve
from pratique.patch.root import Root
from pratique.patch.rpmdb import WANTED, Database
from pratique.patch.rpmrelations import rich_of
from pratique.patch.rpmrepositories import Offered, Repositories, repositories_of
from pratique.patch.rpmunpacking import Unpacking

__all__ = ["WANTED", "patch"]
_PUBKEYS = 266
_STREAM = ".module"
"""In the release of each package that is part of a module."""
_RELEASE = re.compile(r"(?m)^VERSION_ID=[\"']?([^\"'\n]+)")
_LOCKS = ("etc/dnf/plugins/versionlock.list", "etc/yum/pluginconf.d/versionlock.list")


def patch(
    root: Root, findings: Sequence[Finding], order: Order, client: Client, folder: str
) -> Change:
    """Write a layer into a folder that removes findings, as far as the repositories have fixes."""
    database = Database(root, folder)
    try:
        patching = _Patching(database, order, client, folder)
        goals = _goals(findings, database)
        if not goals:
            return Change((), ())
        patching.read_indexes()
        resolution = patching.resolved(goals)
        stays = tuple(
            Stays(key[0], database.by_key[key].deb.version, why)
            for key, why in sorted(resolution.failed.items())
        )
        upgraded, layer = patching.written(resolution.plan)
        return Change(upgraded, stays, tuple(patching.notes), layer)
    finally:
        database.close()


def _goals(findings: Iterable[Finding], database: Database) -> list[Goal]:
    """Return what has to be upgraded, for each package the version that fixes most of it first."""
    wanted: set[tuple[Key, str]] = set()
    for finding in findings:
        package = finding.package
        arch = database.native if package.arch in ("", "noarch") else package.arch
        if finding.fixed and (package.name, arch) in database.by_key:
            wanted.add(((package.name, arch), finding.fixed[0]))
    ordered = sorted(wanted, key=lambda pair: _order(pair[1]), reverse=True)
    return [Goal(key, version) for key, version in sorted(ordered, key=lambda pair: pair[0])]


def _order(version: str) -> tuple[int, object]:
    try:
        return 1, version_key(version)
    except ValueError:
        return 0, version


class _Patching:
    def __init__(self, database: Database, order: Order, client: Client, folder: str) -> None:
        self._db, self._order, self._folder = database, order, folder
        imported = [b64decode(text) for key in database.keys for text in key.texts(_PUBKEYS)]
        self._from = Repositories(database.root, client, order.keyrings, imported)
        self._packages = Downloads(folder, self._from.fetch)
        self._blocked: dict[tuple[str, str], str] = {}
        self._checked: set[str] = set()
        self._locked = _locked(database.root)
        broken = f"{database.broken} records of rpm's database cannot be read"
        self.notes: list[str] = [broken] if database.broken else []

    def read_indexes(self) -> None:
        """Read what every repository of the image has."""
        root = self._db.root
        text = (root.read("etc/os-release") or b"").decode("utf-8", "replace")
        found = _RELEASE.search(text)
        arches = {one.deb.arch for one in self._db.packages} | {"all"}
        release = found[1] if found else ""
        for one in repositories_of(root, release, self._db.native, self._order.mirrors):
            self._from.read(one, arches)
        self.notes += self._from.notes

    def resolved(self, goals: Sequence[Goal]) -> Resolution:
        """Resolve until every package of the plan can be unpacked without running a script."""
        installed = [one.deb for one in self._db.packages]
        while True:
            found = resolve(installed, self._offers, goals, self._db.native, version_key)
            before = len(self._blocked)
            for deb in found.plan.values():
                self._check(deb)
            if len(self._blocked) == before:
                return Resolution(found.plan, found.failed | self._refusals(found))

    def _offers(self, name: str) -> list[Deb]:
        return [
            one.deb for one in self._from.offers(name)
            if (one.deb.name, one.deb.version) not in self._blocked
            and one.deb.name not in self._locked and self._is_understood(one)
            and _STREAM not in one.deb.version
        ]  # fmt: skip

    def _is_understood(self, one: Offered) -> bool:
        """Tell whether rich needs are those that the installed version has: they hold already."""
        old = self._db.by_key.get(self._db.key_of(one.deb))
        return one.rich <= (rich_of(old.header) if old else frozenset())

    def _refusals(self, found: Resolution) -> dict[Key, str]:
        """Return of packages that were refused why, rather than that they are not to be had."""
        told = {
            key: f"{version}: {why}"
            for (name, version), why in self._blocked.items()
            for key in found.failed
            if key[0] == name
        }
        streams = [key for key in found.failed if _STREAM in self._db.by_key[key].deb.version]
        told |= dict.fromkeys(streams, "it is of a module stream, of which there are several")
        return told | {key: "it is locked (versionlock)" for key in found.failed
                       if key[0] in self._locked}  # fmt: skip

    def _check(self, deb: Deb) -> None:
        if deb.at in self._checked:
            return
        self._checked.add(deb.at)
        with self._packages.open(deb) as file:
            try:
                self._unpacking(deb, file).check()
            except Refused as refused:
                self._blocked[deb.name, deb.version] = refused.message

    def _unpacking(self, deb: Deb, file: object) -> Unpacking:
        offered = self._from.by_url[deb.at]
        return Unpacking(deb, offered, file, self._db, self._from.certs)  # type: ignore[arg-type]

    def written(self, plan: dict[Key, Deb]) -> tuple[tuple[Upgraded, ...], Written | None]:
        """Write the layer of a plan."""
        if not plan:
            return (), None
        path = os.path.join(self._folder, "layer.tar.gz")
        with LayerWriter(path, self._db.root, self._order.epoch) as layer:
            upgraded = tuple(self._unpack(plan[key], layer) for key in sorted(plan))
            self._write_database(layer)
            return upgraded, layer.close()

    def _unpack(self, deb: Deb, layer: LayerWriter) -> Upgraded:
        with self._packages.open(deb) as file:
            unpacking = self._unpacking(deb, file)
            unpacking.unpack(layer)
        old = unpacking.old
        self._db.replace(old, unpacking.blob(self._order.epoch))
        before, digest = old.deb.version if old else "", self._packages.digests[deb.at]
        return Upgraded(deb.name, deb.arch, before, deb.version, unpacking.scripts_not_run(),
                        unpacking.replaced(), deb.at, digest)  # fmt: skip

    def _write_database(self, layer: LayerWriter) -> None:
        home = self._db.home
        layer.write(f"{home}/rpmdb.sqlite", self._db.data())
        for ending in ("-wal", "-shm"):  # they are of the database as it was
            real = self._db.root.resolve(f"{home}/rpmdb.sqlite{ending}")
            if real in self._db.root.nodes:
                layer.remove(real)


def _locked(root: Root) -> set[str]:
    """Return the names of packages that are to stay at their versions."""
    texts = ((root.read(path) or b"").decode("utf-8", "replace") for path in _LOCKS)
    lines = [line.strip() for text in texts for line in text.splitlines()]
    found = set()
    for line in lines:
        name, _, rest = line.partition("-")
        if line and not line.startswith(("#", "!")):
            match = re.fullmatch(r"(?:\d+:)?(.+?)-(?:\d+:)?[^-]+-[^-]+", line)
            found.add(match[1] if match else name + ("-" + rest if rest else ""))
    return found
