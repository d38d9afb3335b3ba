"""Turn packages into components and back, without a loss.

What the standard fields and Trivy's properties tell is written there; what a reader would not get
back from those is written beside them, as one property with the fields that differ.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import MsgspecError, Struct, convert, json, structs, to_builtins

from pratique.codecs import trivy
from pratique.codecs.sbom import CORRECTED, Component, clean, dialects, exact, value
from pratique.codecs.sbom.dialects import SYSTEM, Surroundings
from pratique.codecs.sbom.licenses import is_expression
from pratique.licenses.evaluate import conjuncts
from pratique.model.image import Image
from pratique.model.inventory import Distro, Package
from pratique.model.purl import purl

_HASH = re.compile(
    r"(md5:[0-9a-f]{32}|sha1:[0-9a-f]{40}|sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}"
    r"|sha512:[0-9a-f]{128})"
)
_ATTRIBUTE = r"(?:\?*|\*?)(?:[A-Za-z0-9._-]|\\[^A-Za-z0-9\s])+(?:\?*|\*?)"
_CPE = re.compile(rf"cpe:2\.3:[aho*-](?::(?:{_ATTRIBUTE}|[*-])){{10}}", re.ASCII)
_BRACKETS = str.maketrans("()", "[]")  # in SPDX an address follows a name in parentheses
_MOST_LINES = 1_000_000_000
_EMPTY = Package("", "", "", "", "")


class Subject(Struct, frozen=True):
    """What a package is part of."""

    distro: Distro | None
    image: Image | None
    around: Surroundings


def component(
    package: Package, subject: Subject, ref: str, depends: tuple[str, ...] = ()
) -> Component:
    """Return a package as a component; with a correction where one would be read differently.

    `depends`: what a reader gets to know of its dependencies by the document's edges.
    """
    distro, image = subject.distro, subject.image
    url = purl(package, distro) if package.name.strip("/") else ""
    plain = Component(
        ref,
        "package",
        clean(package.name) or "-",
        clean(_group(package)),
        clean(package.version),
        url,
        package.cpe if _CPE.fullmatch(package.cpe) else "",
        clean(package.vendor).translate(_BRACKETS),
        tuple(filter(None, map(clean, package.licenses))),
        tuple(dict.fromkeys(h for h in package.hashes if _HASH.fullmatch(h))),
        clean(package.place),
        package.line if 0 < package.line < _MOST_LINES and clean(package.place) else 0,
        clean(f"{package.source} {package.source_version}") if package.type in SYSTEM else "",
        package.dev,
        tuple(_properties(package, distro, image)),
    )
    known = dialects.package(plain, subject.around) or _EMPTY
    known = structs.replace(known, depends=depends, licenses=_read(known.licenses))
    differs = {
        field: getattr(package, field)
        for field in package.__struct_fields__
        if getattr(package, field) != getattr(known, field)
    }
    if not differs:
        return plain
    corrected = (CORRECTED, exact(to_builtins(differs)))
    return structs.replace(plain, properties=(*plain.properties, corrected))


def _read(licenses: tuple[str, ...]) -> tuple[str, ...]:
    """Return licences as a reader gets them: one expression is taken apart at its ANDs."""
    if len(licenses) == 1 and is_expression(licenses[0]):
        return tuple(conjuncts(licenses[0]))
    return licenses


def package(
    component: Component, around: Surroundings, within: str = "", depends: tuple[str, ...] = ()
) -> Package | None:
    """Return the package of a component; None where it has no purl, or one of no package."""
    found = dialects.package(component, around, within)
    found = structs.replace(found, depends=depends) if found else None
    written = value(component, CORRECTED)
    if not written:
        return found
    try:
        fields = json.decode(written, type=dict[str, Any])
    except MsgspecError:
        return found
    known = structs.asdict(found or _EMPTY)
    try:
        # as records are in the cache: an array after their tag
        return convert(["p", *(fields.get(name, known[name]) for name in known)], Package)
    except MsgspecError:
        return found


def _group(package: Package) -> str:
    """Return what CycloneDX puts apart: Maven's group, npm's scope."""
    if package.type == "maven":
        return package.name.rpartition(":")[0]
    if package.type == "npm" and package.name.startswith("@"):
        return package.name.partition("/")[0] if "/" in package.name else ""
    return ""


def _properties(
    package: Package, distro: Distro | None, image: Image | None
) -> list[tuple[str, str]]:
    """Return what Trivy's own SBOMs say of a package, sorted as there."""
    properties = {"PkgID": trivy.package_id(package)}
    if package.type in SYSTEM:
        version, release, epoch = trivy.split(package.source_version, package.type)
        family = trivy.FAMILIES.get(distro.id, distro.id) if distro else ""
        properties |= {
            "PkgType": family, "SrcName": package.source, "SrcVersion": version,
            "SrcRelease": release, "SrcEpoch": str(epoch or ""),
            "Modularitylabel": package.module if package.type == "rpm" else "",
        }  # fmt: skip
    else:
        properties |= {"PkgType": package.analyzer, "FilePath": package.place}
    properties["Relationship"] = package.relation
    if image is not None and 0 <= package.changed < len(image.layers):
        layer = image.layers[package.changed]
        properties |= {"LayerDiffID": layer.diff_id, "LayerDigest": layer.digest}
    return sorted((k, clean(v)) for k, v in properties.items() if clean(v))
