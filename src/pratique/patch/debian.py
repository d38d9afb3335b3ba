"""Patch Debian's and Ubuntu's packages: resolve, verify, unpack, keep dpkg's database true."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from pratique.model.finding import Finding
from pratique.net import Client
from pratique.patch import dpkg, scripts
from pratique.patch.apt import Archives, sources_of
from pratique.patch.downloads import Downloads
from pratique.patch.dpkg import Database, Installed
from pratique.patch.layer import LayerWriter, Written
from pratique.patch.model import Change, Order, Refused, Stays, Upgraded
from pratique.patch.resolution import Deb, Goal, Key, Resolution, resolve
from pratique.patch.root import Root
from pratique.patch.unpacking import Unpacking

WANTED = dpkg.WANTED
_PROGRAMS = ("preinst", "postinst", "prerm", "postrm", "config")


def patch(
    root: Root, findings: Sequence[Finding], order: Order, client: Client, folder: str
) -> Change:
    """Write a layer into a folder that removes findings, as far as the repositories have fixes."""
    database = Database(root)
    patching = _Patching(database, order, client, folder)
    goals = tuple(_goals(findings, database))
    held = {g.key: "it is on hold" for g in goals if database.by_key[g.key].is_held}
    if not goals:
        return Change((), ())
    patching.read_indexes()
    resolution = patching.resolved(tuple(goal for goal in goals if goal.key not in held))
    failed = {**held, **resolution.failed}
    stays = tuple(
        Stays(key[0], resolution.plan.get(key, database.by_key[key].deb).version, why)
        for key, why in sorted(failed.items())
    )
    upgraded, layer = patching.written(resolution.plan)
    return Change(upgraded, stays, tuple(patching.notes), layer)


def _goals(findings: Iterable[Finding], database: Database) -> Iterable[Goal]:
    """Yield what has to be upgraded, for each package the version that fixes most of it first."""
    wanted: dict[Key, set[str]] = {}
    for finding in findings:
        arch = finding.package.arch
        key = (finding.package.name, database.native if arch in ("", "all") else arch)
        if finding.fixed and key in database.by_key:
            wanted.setdefault(key, set()).add(finding.fixed[0])
    for key, versions in sorted(wanted.items()):
        yield from (Goal(key, version) for version in sorted(versions, key=_order, reverse=True))


def _order(version: str) -> tuple[int, object]:
    from pratique.ecosystems.deb import version_key  # noqa: PLC0415 - loaded with the resolution

    try:
        return 1, version_key(version)
    except ValueError:
        return 0, version


class _Patching:
    def __init__(self, database: Database, order: Order, client: Client, folder: str) -> None:
        self._db = database
        self._order = order
        self._folder = folder
        self._archives = Archives(database.root, client, order.now, order.keyrings)
        self._packages = Downloads(folder, self._archives.fetch)
        self._held = {package.deb.name for package in database.packages if package.is_held}
        self._blocked: dict[tuple[str, str, str], str] = {}
        self._checked: set[str] = set()
        self._touched: set[str] = set()
        self.notes: list[str] = [
            f"dpkg's record of {name} cannot be read" for name in database.broken
        ]

    def read_indexes(self) -> None:
        """Read what every source of the image has."""
        present = {package.deb.arch for package in self._db.packages} - {"all"}
        arches = [self._db.native, *sorted(present - {self._db.native})]
        for source in sources_of(self._db.root, self._order.mirrors):
            if source.url.startswith(("http://", "https://")):
                self._archives.read(source, arches)
            else:
                self.notes.append(f"{source}: left out, it is not to be had by HTTP")
        self.notes += self._archives.notes

    def resolved(self, goals: Sequence[Goal]) -> Resolution:
        """Resolve until every package of the plan can be unpacked without running a script."""
        installed = [package.deb for package in self._db.packages]
        while True:
            found = resolve(installed, self._offers, goals, self._db.native)
            before = len(self._blocked)
            for deb in found.plan.values():
                self._check(deb)
            if len(self._blocked) == before:
                return Resolution(found.plan, self._explained(found.failed, goals))

    def _offers(self, name: str) -> list[Deb]:
        return [deb for deb in self._archives.offers(name)
                if _identity(deb) not in self._blocked and deb.name not in self._held]  # fmt: skip

    def _explained(self, failed: dict[Key, str], goals: Sequence[Goal]) -> dict[Key, str]:
        """Say of packages that were refused why, rather than that they are not to be had."""
        reasons = dict(failed)
        for name, arch, version in self._blocked:
            key = (name, self._db.native if arch == "all" else arch)
            if key in failed and any(goal.key == key for goal in goals):
                reasons[key] = f"{version}: {self._blocked[name, arch, version]}"
        for key, why in failed.items():
            others = [n for n, _, _ in self._blocked if n in why.split() and n != key[0]]
            if others and reasons[key] == why:
                blocked = next(i for i in self._blocked if i[0] == others[0])
                reasons[key] = f"{why} ({others[0]} {blocked[2]}: {self._blocked[blocked]})"
        return reasons

    def _check(self, deb: Deb) -> None:
        if deb.at in self._checked:
            return
        self._checked.add(deb.at)
        with self._packages.open(deb) as file:
            try:
                Unpacking(deb, file, self._db).check()
            except Refused as refused:
                self._blocked[_identity(deb)] = refused.message

    def written(self, plan: dict[Key, Deb]) -> tuple[tuple[Upgraded, ...], Written | None]:
        """Write the layer of a plan."""
        if not plan:
            return (), None
        path = os.path.join(self._folder, "layer.tar.gz")
        with LayerWriter(path, self._db.root, self._order.epoch) as layer:
            upgraded = tuple(self._unpack(plan[key], layer) for key in sorted(plan))
            for place, stanzas in sorted(self._db.stanzas.items()):
                if place in self._touched:
                    layer.write(place, dpkg.text_of(stanzas))
            return upgraded, layer.close()

    def _unpack(self, deb: Deb, layer: LayerWriter) -> Upgraded:
        with self._packages.open(deb) as file:
            unpacking = Unpacking(deb, file, self._db)
            unpacking.unpack(layer)
        old = unpacking.old
        place = old.place if old else self._place_of_new(deb)
        stanzas = self._db.stanzas.setdefault(place, [])
        if old:
            stanzas[old.at] = unpacking.stanza()
        else:
            stanzas.append(unpacking.stanza())
        self._touched.add(place)
        self._write_control(deb, old, place, unpacking.control_files(), layer)
        not_run = scripts.not_run(unpacking.control.control)
        before = old.deb.version if old else ""
        replaced = self._size(old) if old else 0
        return Upgraded(deb.name, deb.arch, before, deb.version, not_run, replaced,
                        deb.at, self._packages.digests[deb.at])  # fmt: skip

    def _write_control(
        self, deb: Deb, old: Installed | None, place: str, files: dict[str, bytes],
        layer: LayerWriter,
    ) -> None:  # fmt: skip
        if place.startswith(f"{dpkg.HOME}/status.d/"):
            if "md5sums" in files:
                layer.write(f"{place}.md5sums", files["md5sums"])
            return
        for name, data in sorted(files.items()):
            path = self._db.control_path(deb, name)
            layer.write(path, data, 0o755 if name in _PROGRAMS else 0o644)
        for name, path in sorted(self._db.controls(old).items() if old else ()):
            if self._db.control_path(deb, name) not in layer.written:
                layer.remove(path)

    def _place_of_new(self, deb: Deb) -> str:
        return self._db.single(deb.name) if self._db.is_distroless else f"{dpkg.HOME}/status"

    def _size(self, package: Installed) -> int:
        nodes = (self._db.root.nodes.get(path) for path in self._db.files(package))
        return sum(node.size for node in nodes if node and node.kind == "file")


def _identity(deb: Deb) -> tuple[str, str, str]:
    return deb.name, deb.arch, deb.version
