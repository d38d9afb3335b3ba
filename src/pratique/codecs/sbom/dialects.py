"""Read packages out of components, as Trivy, Syft, cdxgen, Docker Scout and we write them.

All give a purl; they differ in where the epoch, the source package, the file and the layer are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from pratique.codecs.sbom import Component, value
from pratique.model.image import Image
from pratique.model.inventory import Package
from pratique.model.purl import Purl, parse

SYSTEM = {
    "deb": ("dpkg", "var/lib/dpkg/status"), "apk": ("apk", "lib/apk/db/installed"),
    "rpm": ("rpm", "var/lib/rpm/rpmdb.sqlite"), "alpm": ("pacman", "var/lib/pacman/local"),
}  # fmt: skip
"""For the packages of a system: who reads them, and where they usually are."""
NO_PACKAGES = frozenset({"oci", "docker", "file", "swid"})
"""Purl types that are no packages."""
_ANALYZERS = {
    "pypi": "python-pkg", "npm": "node-pkg", "maven": "jar", "gem": "gemspec",
    "golang": "gobinary", "composer": "composer", "cargo": "rustbinary", "nuget": "dotnet-core",
    "conda": "conda-pkg", "conan": "conan", "cocoapods": "cocoapods", "swift": "swift",
}  # fmt: skip
_EPOCH = re.compile(r"\d+:")
_ARCHIVE = re.compile(r"(.*?\.(?:[jwep]ar|jmod|hpi|jpi|nar|kar|zip))[/:]+(.+)", re.IGNORECASE)
_SOURCE_RPM = re.compile(r"(.+)-([^-]+)-([^-]+)\.(?:no)?src\.rpm")
_NO_VERSION = ("(devel)", "UNKNOWN", "NOASSERTION", "NONE", "latest")
_DEVELOPMENT = (("cdx:npm:package:development", "true"), ("cdx:pipenv:category", "develop"))
"""Properties of https://github.com/CycloneDX/cyclonedx-property-taxonomy that tell it."""


class Surroundings(Struct, frozen=True):
    """What a component does not say itself."""

    layers: Mapping[str, int] = {}
    """Index by diff id and by digest."""
    place: str = ""
    """Where a package counts as found that does not say it: the SBOM itself."""


def is_image(purl: str) -> bool:
    return _type(purl) in NO_PACKAGES


def _type(purl: str) -> str:
    return purl.partition(":")[2].lstrip("/").partition("/")[0].lower()


def package(component: Component, around: Surroundings, within: str = "") -> Package | None:
    """Return the package that a component is, by what all dialects share; None for no package.

    `within`: the file that contains it, where that is a component of its own.
    """
    try:
        purl = parse(component.purl)
    except ValueError:
        return None
    if purl.type in NO_PACKAGES:
        return None
    kind = purl.type
    if kind == "github" and value(component, "syft:package:type").startswith("github-action"):
        kind = "githubactions"  # other repositories of GitHub are not
    analyzer = SYSTEM[kind][0] if kind in SYSTEM else (
        value(component, "PkgType") or _ANALYZERS.get(kind, kind)
    )  # fmt: skip
    version = _version(purl, component)
    name = _name(purl, component)
    source = _source(purl, component, name, version) if kind in SYSTEM else ("", "")
    path, inner = _place(component, kind, within, around)
    layer = _layer(component, around)
    return Package(
        path, analyzer, kind, name, version, purl.qualifiers.get("arch", ""), *source,
        component.licenses, component.supplier, _module(purl, component), inner,
        component.development or any(value(component, name) == said for name, said in _DEVELOPMENT),
        value(component, "Relationship"), component.line,
        layer, layer, (), component.hashes, component.cpe,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def canonical(name: str) -> str:
    """Return a name without what purls lose of it: case, and PyPI's separators."""
    return re.sub(r"[-_.]+", "-", name).casefold()


def _version(purl: Purl, component: Component) -> str:
    """Return the version, for deb and rpm with its epoch unless that is 0."""
    version = purl.version or component.version
    if purl.type in ("deb", "rpm"):
        epoch = purl.qualifiers.get("epoch", "")
        if epoch and not _EPOCH.match(version):
            version = f"{epoch}:{version}"
        version = version.removeprefix("0:")
    if purl.type == "golang" and purl.name == "stdlib" and version[:1].isdigit():
        return f"v{version}"  # Syft's way to write it
    return "" if version in _NO_VERSION else version


def _name(purl: Purl, component: Component) -> str:
    """Return the name as its ecosystem writes it: the component's own where a purl loses case."""
    if purl.type in SYSTEM:
        return purl.name
    names = list(_names(purl))
    stated = component.name
    for full in (stated, f"{component.group}/{stated}", f"{component.group}:{stated}"):
        if any(canonical(full) == canonical(name) for name in names):
            return full
    return names[0]


def _names(purl: Purl) -> Iterator[str]:
    """Yield the names that a purl may mean, the likeliest first."""
    namespace, name = purl.namespace, purl.name
    if purl.type == "maven":
        yield f"{namespace.replace('/', '.')}:{name}" if namespace else name
    elif purl.type == "npm" and namespace:
        yield f"@{namespace.removeprefix('@')}/{name}"
    elif purl.type == "cocoapods":
        yield f"{name}/{purl.subpath}" if purl.subpath else name
    elif purl.type == "bitnami":
        yield name
    else:
        full = f"{namespace}/{name}" if namespace else name
        if purl.type == "golang" and purl.subpath:
            # to Syft a part of the module's path, to the specification a package within it
            yield f"{full}/{purl.subpath}"
        yield full


def _source(purl: Purl, component: Component, name: str, version: str) -> tuple[str, str]:
    """Return name and version of the source package, by default the package's own."""
    if source := value(component, "SrcName"):
        return source, _joined(component) or version
    if rpm := _SOURCE_RPM.fullmatch(
        value(component, "syft:metadata:sourceRpm") or purl.qualifiers.get("upstream", "")
    ):
        epoch = _EPOCH.match(version)
        return rpm[1], f"{epoch[0] if epoch else ''}{rpm[2]}-{rpm[3]}"
    if source := value(component, "syft:metadata:source", "syft:metadata:originPackage"):
        return source, value(component, "syft:metadata:sourceVersion") or version
    if upstream := purl.qualifiers.get("upstream", ""):
        source, _, of = upstream.partition("@")
        return source or name, of or version
    if component.source:
        source, _, of = component.source.partition(" ")
        return source, of or version
    return name, version


def _joined(component: Component) -> str:
    """Return the source's version from Trivy's three parts."""
    version = value(component, "SrcVersion")
    release, epoch = value(component, "SrcRelease"), value(component, "SrcEpoch")
    joined = f"{version}-{release}" if release and version else version
    return f"{epoch}:{joined}" if joined and epoch not in ("", "0") else joined


def _module(purl: Purl, component: Component) -> str:
    stated = value(component, "Modularitylabel", "syft:metadata:modularityLabel")
    return stated or purl.qualifiers.get("rpmmod") or purl.qualifiers.get("modularitylabel", "")


def _place(component: Component, kind: str, within: str, around: Surroundings) -> tuple[str, str]:
    """Return the file and the place within it, for an archive in an archive."""
    found = (
        value(component, "syft:metadata:virtualPath") or value(component, "FilePath")
        or component.location or value(component, "syft:location:0:path", "SrcFile") or within
    )  # fmt: skip
    found = found.lstrip("/")
    if kind in SYSTEM:
        return found or SYSTEM[kind][1], ""
    if nested := _ARCHIVE.fullmatch(found):
        return nested[1], nested[2]
    return found or around.place, ""


def _layer(component: Component, around: Surroundings) -> int:
    for name in ("LayerDiffID", "LayerDigest", "syft:location:0:layerID"):
        index = around.layers.get(value(component, name), -1)
        if index >= 0:
            return index
    return -1


def surroundings(image: Image | None, place: str = "") -> Surroundings:
    """Return what the components of an image are read by; of equal layers the first counts."""
    layers: dict[str, int] = {}
    for index, layer in enumerate(image.layers if image else ()):
        for digest in (layer.diff_id, layer.digest):
            if digest:
                layers.setdefault(digest, index)
    return Surroundings(layers, place)
