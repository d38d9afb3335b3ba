"""Distributions as components, and as purls and other tools' components tell of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from msgspec import MsgspecError, convert, json, structs, to_builtins

from pratique.codecs import trivy
from pratique.codecs.sbom import Component, clean, exact, value
from pratique.codecs.sbom.dialects import SYSTEM
from pratique.model.inventory import Distro
from pratique.model.purl import Purl, parse

_CORRECTED = "pratique:distribution"
_SHARED = ("sled", "sl-micro")  # by families that have a better known member
_IDS = {family: id for id, family in trivy.FAMILIES.items() if id not in _SHARED} | {
    "amazon linux": "amzn", "amazonlinux": "amzn", "oracle": "ol", "oraclelinux": "ol",
    "suse": "sles", "suse linux enterprise server": "sles", "opensuse": "opensuse-leap",
    "redhat": "rhel", "red hat": "rhel", "red hat enterprise linux": "rhel",
    "red hat enterprise linux server": "rhel", "rockylinux": "rocky",
    "opensuse.leap": "opensuse-leap", "opensuse.tumbleweed": "opensuse-tumbleweed",
    "debian gnu/linux": "debian", "alpine linux": "alpine",
}  # fmt: skip
"""os-release's IDs of families and of purls' namespaces."""
_PLACE = "etc/os-release"
_DISTRO = re.compile(r"(?:(.+?)-)?(v?\d[\w.]*|[a-z]+|edge.*)", re.IGNORECASE)


def component(distro: Distro, ref: str) -> Component:
    """Return a distribution as Trivy names it; a correction holds what that leaves out."""
    family = trivy.FAMILIES.get(distro.id, distro.id)
    plain = Component(
        ref, "system", clean(family) or "-", version=clean(distro.version),
        properties=(("Class", "os-pkgs"), ("Type", clean(family) or "-")),
    )  # fmt: skip
    known = system(plain)
    differs = {
        field: getattr(distro, field)
        for field in distro.__struct_fields__
        if getattr(distro, field) != getattr(known, field)
    }
    corrected = (_CORRECTED, exact(to_builtins(differs)))
    return structs.replace(plain, properties=(*plain.properties, corrected)) if differs else plain


def system(component: Component) -> Distro:
    """Return the distribution of a component, as Trivy, Syft or we write it."""
    name = value(component, "syft:distro:id") or component.name
    found = Distro(
        _PLACE,
        _id(name),
        value(component, "syft:distro:versionID") or component.version.partition(" ")[0],
        value(component, "syft:distro:prettyName"),
        value(component, "syft:distro:versionCodename"),
        tuple(v for k, v in component.properties if k.startswith("syft:distro:idLike")),
    )
    return _corrected(found, value(component, _CORRECTED))


def of_purls(components: Iterable[Component]) -> Distro | None:
    """Return the distribution that most purls of system packages name in their qualifiers."""
    named: Counter[tuple[str, str, str]] = Counter()
    for one in components:
        try:
            purl = parse(one.purl)
        except ValueError:
            continue
        if purl.type in SYSTEM and any(told := _told(purl)):
            named[told] += 1
    if not named:
        return None
    # where several are named as often, the one that sorts first: not the one that comes first
    id, version, codename = min(named, key=lambda told: (-named[told], told))
    return Distro(_PLACE, id, version, codename=codename)


def _told(purl: Purl) -> tuple[str, str, str]:
    """Return ID, version and codename: `distro=debian-12`, `distro=3.20.1`, `os_name=…`."""
    qualifiers = purl.qualifiers
    id = _id(purl.namespace.partition("/")[0])
    codename = qualifiers.get("os_distro") or qualifiers.get("distro_name", "")
    if name := qualifiers.get("os_name", ""):  # Docker's
        return _id(name), qualifiers.get("os_version", ""), codename
    distro = qualifiers.get("distro", "")
    if match := _DISTRO.fullmatch(distro):
        stated, version = match[1] or "", match[2]
        if stated and version.isalpha() and version not in ("edge", "sid"):
            stated, version = "", distro  # `opensuse-leap` and no version
        if version.isalpha() and version != "edge":  # `distro=bookworm`
            return id or _id(stated), "", version
        return _id(stated) or id, version, codename
    return id, "", codename


def _id(name: str) -> str:
    return _IDS.get(name.lower(), name.lower())


def _corrected(distro: Distro, written: str) -> Distro:
    if not written:
        return distro
    try:
        fields = json.decode(written, type=dict[str, object])
        known = structs.asdict(distro)
        return convert(["d", *(fields.get(name, known[name]) for name in known)], Distro)
    except MsgspecError:
        return distro
