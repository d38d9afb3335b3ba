"""RPM's database in an image: read, and kept true when packages are upgraded."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator

from msgspec import Struct

from pratique.codecs import rpmdb
from pratique.codecs.debrelation import Relation
from pratique.errors import MalformedError, UsageError
from pratique.patch import rpmndb, rpmsqlite
from pratique.patch.layer import LayerWriter
from pratique.patch.resolution import Deb, Key
from pratique.patch.root import Root
from pratique.patch.rpmheader import RpmHeader
from pratique.patch.rpmpackage import RpmFile, files_of
from pratique.patch.rpmrelations import by_name, needed, nevra_version, relation_of

HOMES = ("var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm")
WANTED = ("etc", *HOMES, "usr/lib/rpm/macros.d")
NAME, VERSION, RELEASE, EPOCH, ARCH, VENDOR = 1000, 1001, 1002, 1003, 1022, 1011
_KEY_TEXT, _COLOR = 1005, 1127


class Installed(Struct):
    """A package in the database."""

    header: RpmHeader
    version: str
    files: list[RpmFile]

    @property
    def key(self) -> Key:
        return self.header.text(NAME), self.header.text(ARCH)


def version_of(header: RpmHeader) -> str:
    epoch = next(iter(header.numbers(EPOCH)), 0)
    return nevra_version(str(epoch), header.text(VERSION), header.text(RELEASE))


class RpmDatabase:
    """The packages of an image and the files that they own."""

    def __init__(self, root: Root) -> None:
        """Raise UsageError for a format of database that cannot be written."""
        self.root = root
        self.kind, self.path = _place(root)
        self.packages: dict[Key, Installed] = {}
        self.doubled: set[str] = set()
        """Names that are there in several versions, as kernels are."""
        self.keys: list[bytes] = []
        """Public keys that rpm trusts."""
        self._blobs: list[bytes] = []
        self._new: dict[Key, bytes] = {}
        self.broken = 0
        self._wal = b""
        self._read()
        arches = [arch for _, arch in self.packages if arch not in ("noarch", "")]
        self.native = max(arches, key=arches.count, default="")
        self.color = next((n for p in self.packages.values() for n in p.header.numbers(_COLOR)), 0)
        self.provided: dict[str, list[str]] = {}
        """Versions of what is provided, by name; empty where none is stated."""
        for package in self.packages.values():
            for one in _relations(package.header, 1047, 1112, 1113):
                self.provided.setdefault(one.name, []).append(one.version)
        folders = ("bin", "sbin", "lib", "lib64")
        self._merged = tuple(f"usr/{f}/" for f in folders if root.follow(f) == f"usr/{f}")
        """Folders that a merged /usr has links to."""
        self.arches: dict[str, list[str]] = {}
        for name, arch in self.packages:
            self.arches.setdefault(name, []).append(arch)
        self._owners: dict[str, set[Key]] = {}
        for key, package in self.packages.items():
            for file in package.files:
                self._owners.setdefault(root.resolve(file.path), set()).add(key)

    def _read(self) -> None:
        data = self.root.read(self.path) or b""
        if self.kind == "sqlite":
            self._wal = self.root.read(f"{self.path}-wal") or b""
            data = rpmsqlite.settled(data, self._wal)
        self.data = data
        for blob in rpmdb.blobs(io.BytesIO(data), len(data), self.path):
            try:
                header = RpmHeader(blob, self.path)
                package = Installed(header, version_of(header), files_of(header))
            except MalformedError:
                self.broken += 1
                continue
            if header.text(NAME) == "gpg-pubkey":
                self.keys.append(header.text(_KEY_TEXT).encode())
                continue
            if package.key in self.packages:
                self.doubled.add(header.text(NAME))
            self.packages[package.key] = package

    def debs(self, paths: Collection[str]) -> Iterator[Deb]:
        """Yield packages as the resolution takes them; of files, those that somebody needs."""
        for package in self.packages.values():
            yield self._deb(package, paths)

    def _deb(self, package: Installed, paths: Collection[str]) -> Deb:
        header = package.header
        name, arch = package.key
        requires, provides, conflicts, obsoletes = (
            _relations(header, *tags)
            for tags in ((1049, 1048, 1050), (1047, 1112, 1113), (1054, 1053, 1055),
                         (1090, 1114, 1115))
        )  # fmt: skip
        given = (
            by_name(Relation(name, "", "=", package.version)), *provides,
            *(Relation(path) for path in self.paths_of(package) if path in paths),
        )  # fmt: skip
        return Deb(
            name, package.version, arch, package.version, needed(requires, lambda _: False),
            (*conflicts, *map(by_name, obsoletes)), given, "foreign",
        )  # fmt: skip

    def paths_of(self, package: Installed) -> Iterator[str]:
        """Yield the paths of a package, also those by the links of a merged /usr."""
        for file in package.files:
            yield f"/{file.path}"
            if file.path.startswith(self._merged):
                yield file.path[3:]

    def needed_paths(self) -> set[str]:
        """Return the paths that some package of the image needs."""
        return {
            name for p in self.packages.values() for name in p.header.texts(1049)
            if name.startswith("/")
        }  # fmt: skip

    def others_own(self, real: str, key: Key) -> bool:
        """Tell whether another package owns a path."""
        return bool(self._owners.get(real, set()) - {key})

    def owners(self, real: str) -> set[Key]:
        return self._owners.get(real, set())

    def replace(self, key: Key, blob: bytes) -> None:
        """Put a header in the place of a package's, or add it."""
        self._new[key] = blob

    def write(self, layer: LayerWriter) -> None:
        """Write the database; indexes that are not written are taken away, rpm makes them anew."""
        if self.kind == "ndb":
            layer.write(self.path, rpmndb.with_packages(self.data, self._new))
            index = self.root.resolve(self.path.replace("Packages.db", "Index.db"))
            if index in self.root.nodes:
                layer.remove(index)
            return
        layer.write(self.path, rpmsqlite.with_packages(self.data, self._new))
        if self._wal:  # it is in the database now
            layer.write(f"{self.path}-wal", b"")


_OTHERWISE = "--builder buildah patches it by a real build, or rebuild it on a newer base"


def _place(root: Root) -> tuple[str, str]:
    for home in HOMES:
        for kind, name in (("sqlite", "rpmdb.sqlite"), ("ndb", "Packages.db")):
            if root.read(f"{home}/{name}"):
                return kind, f"{home}/{name}"
    for home in HOMES:
        if root.read(f"{home}/Packages"):
            raise UsageError(
                f"/{home}/Packages: RPM databases in BerkeleyDB (before RHEL 9) cannot be written",
                _OTHERWISE,
            )
    raise UsageError("the image has no RPM database that could be kept true",
                     _OTHERWISE)  # fmt: skip


def _relations(header: RpmHeader, names: int, flags: int, versions: int) -> list[Relation]:
    rows = zip(header.texts(names), header.numbers(flags), header.texts(versions), strict=False)
    return [relation_of(*row) for row in rows]
