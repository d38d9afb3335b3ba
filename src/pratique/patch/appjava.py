"""Patch Java packages of an application: archives of the repository in the place of others."""

from __future__ import annotations

import os
import re
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from io import BytesIO

from msgspec.structs import replace

from pratique.analyzers.jar import jar as analyzer
from pratique.codecs.zip_rewrite import Put, comment_of, rewritten
from pratique.errors import MalformedError
from pratique.model.finding import Finding
from pratique.model.inventory import Inventory, Package
from pratique.model.report import Report
from pratique.model.upgrade import Level
from pratique.patch.apppart import Part, Task, left
from pratique.patch.javachoice import Choice, Chosen
from pratique.patch.javajars import Jars, Place
from pratique.patch.layer import LayerWriter
from pratique.patch.mavenreleases import releases_by
from pratique.patch.model import Stays, Upgraded
from pratique.suitable import lesser_versions
from pratique.upgrades import levels_to, risk, upgrades, within

_MOST_LESSER = 20
_INDEXES = ("BOOT-INF/classpath.idx", "BOOT-INF/layers.idx")
_RUNTIME = re.compile(r"(?:openjdk|java|temurin|zulu|corretto|jdk|jre)\D{0,6}?(\d{1,2})\b")
_FIRST = 44
"""What a Java's number is added to for the version of its class files."""


def patch(task: Task, layer: LayerWriter) -> Part:
    """Write archives that remove findings into a layer."""
    report, up_to = task.report, task.order.up_to
    own = [f for f in report.findings if f.fixed and f.package.analyzer == "jar"]
    if not own:
        return Part((), ())
    levels = levels_to(up_to)
    files = {**task.files.archives, "": str(task.files.small.filename)}
    with closing(Jars(files, report.inventory, {_place(f.package).home for f in own})) as jars:
        jars.broken |= dict.fromkeys(task.files.untaken, "it is too large, or a link")
        java = newest_class(report.inventory)
        choice = Choice(jars, releases_by(task.client), levels, task.floors, java)
        stays = list(_chosen(choice, own, report, up_to, levels))
        written = _Writing(jars, choice.chosen, layer, task.folder)
    return Part(tuple(written.upgraded), tuple(dict.fromkeys(stays)), tuple(written.notes))


def _place(package: Package) -> Place:
    return Place(package.path, package.inner)


def _chosen(
    choice: Choice, findings: Sequence[Finding], report: Report, up_to: Level,
    levels: Sequence[Level],
) -> Iterator[Stays]:  # fmt: skip
    """Choose what to put in, what removes the greatest risk first; yield what stays."""
    near = tuple(within(f, levels) for f in findings if f.package.version)
    found = sorted(upgrades(replace(report, findings=near)), key=lambda u: -risk(u.removes))
    by = {(f.package.name, f.package.version): f.package for f in near}
    choice.prefetch((by[one.name, one.installed[0]], one.to) for one in found if ":" in one.name)
    for one in found:
        own = [f for f in near if f.package.name == one.name
               and f.package.version == one.installed[0]]  # fmt: skip
        lesser = lesser_versions(own, one.to, report.inventory.distro)[:_MOST_LESSER]
        for package in {_place(f.package): f.package for f in own}.values():
            reasons = []
            for to in (one.to, *lesser):
                reasons.append(choice.tried(_place(package), package, to))
                if not reasons[-1]:
                    break
            else:
                yield Stays(f"{one.name} in {_place(package).shown}", package.version, reasons[0])
    told = {(one.name, one.installed[0]) for one in found}
    far = [f for f in findings if (f.package.name, f.package.version) not in told]
    yield from left((f for f in far if f.package.version),
                    f"its fix is further away than a {up_to} version")  # fmt: skip
    yield from left((f for f in far if not f.package.version), "nothing says which version it is")


def newest_class(inventory: Inventory) -> int:
    """Return the newest class file version that every Java of an image reads; 0 without any."""
    found = []
    for package in inventory.packages:
        if package.type == "generic" and package.name == "java":
            numbers = re.findall(r"\d+", package.version)
            found.append(numbers[1] if numbers[:1] == ["1"] and numbers[1:] else numbers[0])
        elif package.type in ("deb", "rpm", "apk") and re.search(r"j(?:re|dk)", package.name):
            found += _RUNTIME.findall(package.name)[:1]
    return min((_FIRST + int(number) for number in found), default=0)


class _Writing:
    """Writes what was chosen into a layer, file by file."""

    def __init__(
        self, jars: Jars, chosen: Mapping[Place, Chosen], layer: LayerWriter, folder: str
    ) -> None:
        self._jars, self._layer, self._folder = jars, layer, folder
        self.upgraded: list[Upgraded] = []
        self.notes: list[str] = []
        homes: dict[str, dict[Place, Chosen]] = {}
        for place, one in sorted(chosen.items()):
            homes.setdefault(place.home, {})[place] = one
            size = jars[place].data.size if place in jars else 0
            came = one.fetched.url, one.fetched.digest
            self.upgraded.append(Upgraded(one.name, "", one.before, one.version, (), size, *came,
                                          place.shown[1:]))  # fmt: skip
        for home, own in homes.items():
            if home:
                self._rebuild(home, own)
            else:
                for place, one in own.items():
                    self._replace(place, one)

    def _replace(self, place: Place, one: Chosen) -> None:
        """Write an archive under the name that the other has, for scripts and manifests use it.

        Where it tells its version by its name alone, it gets its own and the other is a link to it.
        """
        model = place if place in self._jars else one.beside or place
        if place not in self._jars or _tells(place.file, one):
            self._file(place.path, model.path, one.fetched.data)
            if place in self._jars and one.before in place.file:
                self.notes.append(f"/{place.path} is {one.version} now, under the name that it had")
            return
        name = place.file.replace(one.before, one.version)
        path = place.path.removesuffix(place.file) + name
        if name == place.file or path in self._layer.root.nodes or not _tells(name, one):
            raise MalformedError(f"{one.version} cannot be told by its name", f"/{place.path}")
        self._file(path, place.path, one.fetched.data)
        self._link(place.path, name)
        self.notes.append(f"/{place.path} is a link to {name} now, for what asks for that name")

    def _rebuild(self, path: str, chosen: Mapping[Place, Chosen]) -> None:
        """Write an archive once more, with others in it."""
        outer = self._jars[Place(path)]
        puts, added, names = dict[str, Put](), list[tuple[str, Put]](), dict[str, str]()
        for place, one in chosen.items():
            data = one.fetched.data
            if one.beside:
                added.append((one.beside.inner, Put(place.inner, data)))
                names.setdefault(place.inner, "")
                continue
            ending = f"-{one.before}.jar"
            name = place.inner
            if name.endswith(ending):
                name = f"{name.removesuffix(ending)}-{one.version}.jar"
            names[place.inner] = name
            puts[place.inner] = Put(
                name, data, _unpacking(comment_of(outer.data, place.inner), one)
            )
        after = {place.inner: one.beside.inner for place, one in chosen.items() if one.beside}
        for index in _INDEXES:
            if entry := outer.entries.get(index):
                text = outer.inside(entry)
                puts[index] = Put(index, _renamed(text.upto(0, text.size), names, after))
        target = os.path.join(self._folder, f"{len(self._layer.written)}.rebuilt")
        with open(target, "wb") as file:
            file.writelines(rewritten(outer.data, puts, added))
        self._file(path, path, target)
        self.notes.append(f"/{path} was put together anew, with {len(chosen)} archives in it")

    def _file(self, path: str, model: str, content: bytes | str) -> None:
        """Write a file with the mode and the owner of another."""
        node = self._layer.root.nodes[model]
        info = tarfile.TarInfo(path)
        info.mode, info.uid, info.gid, info.mtime = node.mode, node.uid, node.gid, self._layer.now
        if isinstance(content, bytes):
            info.size = len(content)
            self._layer.put(info, BytesIO(content))
            return
        info.size = os.path.getsize(content)
        with open(content, "rb") as file:
            self._layer.put(info, file)

    def _link(self, path: str, to: str) -> None:
        info = tarfile.TarInfo(path)
        info.type, info.mode, info.linkname, info.mtime = (
            tarfile.SYMTYPE,
            0o777,
            to,
            self._layer.now,
        )
        self._layer.put(info)


class _File:
    """An archive as an analyzer is given it."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path, self.size, self._data = path, len(data), data

    def read(self) -> bytes:
        return self._data

    def open(self) -> BytesIO:
        return BytesIO(self._data)

    def other(self, path: str) -> bytes | None:
        del path
        return None


def _tells(name: str, one: Chosen) -> bool:
    """Tell whether a scanner sees the version of an archive of that name, and no other."""
    try:
        found = list(analyzer.analyze(_File(name, one.fetched.data)))
    except MalformedError:
        return False
    versions = {p.version for p in found if isinstance(p, Package) and p.name == one.name}
    return versions == {one.version}


def _unpacking(comment: bytes, one: Chosen) -> bytes:
    """Return the comment of an entry that Spring Boot unpacks: it has the archive's SHA-1."""
    return b"UNPACK:" + one.fetched.jar.sha1().encode() if comment.startswith(b"UNPACK:") else b""


def _renamed(index: bytes, names: Mapping[str, str], after: Mapping[str, str]) -> bytes:
    """Rename archives in one of Spring Boot's indexes; new ones follow what they came for."""
    lines = []
    for line in index.decode("utf-8", "surrogateescape").splitlines(keepends=True):
        old = next((name for name in names if f'"{name}"' in line), "")
        lines.append(line.replace(old, names[old]) if old and names[old] else line)
        lines += [line.replace(old, new) for new, beside in after.items() if old and beside == old]
    return "".join(lines).encode("utf-8", "surrogateescape")
