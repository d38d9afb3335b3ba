"""What an image holds: facts read from its files, each with the layer that it came from."""

from __future__ import annotations

from msgspec import Struct

from pratique.model.configuration import Document, Mode, Trace
from pratique.model.license import LicenseText
from pratique.model.secret import Secret

NAMED_BY_SBOM = "named by an SBOM in the image"
"""The remark on a package that nothing but an SBOM among the image's files tells of."""
SYSTEM_TYPES = frozenset({"deb", "rpm", "apk", "alpm", "portage", "opkg"})
"""The purl types of packages that a distribution answers for."""
PROGRAM = "generic"
"""The purl type of programs that no package manager installed."""


class Package(Struct, frozen=True, gc=False, array_like=True, tag="p", tag_field="kind"):
    """A package that is installed, or that a lock file names."""

    path: str
    """The file it was read from: it lives as long as that file."""
    analyzer: str
    """Which analyzer read it, in Trivy's words for a result's type: dpkg, python-pkg, jar …"""
    type: str
    """The purl type: deb, apk, rpm, pypi, npm, maven, golang, cargo, gem, composer, nuget …"""
    name: str
    """As its ecosystem writes it; `group:artifact` for Maven, `@scope/name` for npm."""
    version: str
    """In full: `epoch:version-release` for rpm and deb, the epoch left out where it is 0."""
    arch: str = ""
    source: str = ""
    """The source package that it was built from (deb, rpm) or its origin (apk)."""
    source_version: str = ""
    licenses: tuple[str, ...] = ()
    vendor: str = ""
    """Who built it: an rpm's vendor, a deb's or an apk's maintainer."""
    module: str = ""
    """An rpm's modularity label."""
    inner: str = ""
    """Where it is inside `path`, for an archive in an archive: `BOOT-INF/lib/x.jar`."""
    dev: bool = False
    """Needed for development only."""
    relation: str = ""
    """`direct`, `indirect`, `root`, `workspace`, or empty where the format does not tell."""
    line: int = 0
    """The line of `path` that names it, from 1; 0 where that makes no sense."""
    introduced: int = -1
    """Index of the layer that first brought it; -1 before layers are stacked."""
    changed: int = -1
    """Index of the layer that last changed its version or its record."""
    depends: tuple[str, ...] = ()
    """What it needs, as `name@version` of packages that the same file names."""
    hashes: tuple[str, ...] = ()
    """Digests of its archive as its record states them: `sha256:<hex>`, `sha1:…`, `md5:…`."""
    cpe: str = ""
    """The CPE 2.3 name, for what no package manager knows."""
    remarks: tuple[str, ...] = ()
    """What was seen of it that bears on its findings: content deleted, a data-only package …"""

    @property
    def place(self) -> str:
        """Where it is, also inside of an archive: `app.jar/BOOT-INF/lib/x.jar`."""
        return f"{self.path}/{self.inner}" if self.inner else self.path


class Distro(Struct, frozen=True, gc=False, array_like=True, tag="d", tag_field="kind"):
    """The distribution, as os-release(5) and its older relatives name it."""

    path: str
    id: str
    """os-release's ID: debian, ubuntu, alpine, rhel, almalinux, sles, wolfi …"""
    version: str = ""
    """VERSION_ID, or the fuller one of debian_version, alpine-release, redhat-release."""
    name: str = ""
    """PRETTY_NAME."""
    codename: str = ""
    like: tuple[str, ...] = ()


class OwnedFiles(Struct, frozen=True, gc=False, array_like=True, tag="o", tag_field="kind"):
    """Files that an operating system's package installed, relative to the root."""

    path: str
    owner: str
    files: tuple[str, ...]


class Remark(Struct, frozen=True, gc=False, array_like=True, tag="r", tag_field="kind"):
    """What one file tells of a package that is read from another."""

    path: str
    of: str
    """The package's `path`."""
    text: str


Fact = Package | Distro | OwnedFiles | Remark | Secret | Document | Mode | LicenseText | Trace
LAYERED = (Secret, Document, Mode, LicenseText, Trace)
"""The facts that tell which layer they are in by a `layer` of their own."""


class Problem(Struct, frozen=True, gc=False, array_like=True):
    """What could not be read or judged, and where; part of every report."""

    what: str
    where: str = ""
    layer: int = -1


class Inventory(Struct, frozen=True, array_like=True):
    """The facts of a whole image, layers stacked."""

    packages: tuple[Package, ...] = ()
    distro: Distro | None = None
    problems: tuple[Problem, ...] = ()
    files: int = 0
    """Entries that were looked at."""
    secrets: tuple[Secret, ...] = ()
    """Of every layer, also where a later one deletes the file."""
    documents: tuple[Document, ...] = ()
    modes: tuple[Mode, ...] = ()
    license_texts: tuple[LicenseText, ...] = ()
    traces: tuple[Trace, ...] = ()
