"""State how patched images came to be, and what is in them: provenance and an SBOM of each.

Provenance is that of https://slsa.dev/spec/v1.0/provenance, the SBOM CycloneDX; both are
predicates of https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from msgspec import Struct, json
from msgspec.structs import replace

from pratique import __version__
from pratique.attesting.attach import statement
from pratique.attesting.predicates import TYPES
from pratique.codecs import reference
from pratique.formats.cyclonedx import render
from pratique.model.format import Look
from pratique.model.inventory import Package
from pratique.model.purl import image_purl, purl
from pratique.model.settings import Settings
from pratique.patch.images import stamp
from pratique.patch.model import Order, Patched, Upgraded

PROVENANCE = "https://slsa.dev/provenance/v1"
_BUILDER = "https://pypi.org/project/pratique"
_BUILD_TYPE = f"{_BUILDER}/patch/v1"


class Stated(Struct, frozen=True):
    """Something that is said of a patched image."""

    digest: str
    """Of the image."""
    predicate_type: str
    words: bytes
    """A statement of in-toto."""


def stated(
    done: Sequence[Patched], digests: Sequence[str], order: Order, settings: Settings
) -> Iterator[Stated]:
    """Yield what is to be said of images, by their digests; nothing of those that are unchanged."""
    for one, digest in zip(done, digests, strict=True):
        if not order.states or not one.layers:
            continue
        predicates = {
            PROVENANCE: _provenance(one, order, settings),
            TYPES["cyclonedx"]: _sbom(one, digest, order, settings),
        }
        for kind, predicate in predicates.items():
            yield Stated(digest, kind, statement(digest, order.tag, kind, predicate))


def _provenance(one: Patched, order: Order, settings: Settings) -> bytes:
    asked: dict[str, Any] = {
        "image": _short(one.before.name), "tag": order.tag, "platform": one.before.platform,
        "severities": settings.severity, "mirrors": order.mirrors,
    }  # fmt: skip
    return json.encode({
        "buildDefinition": {
            "buildType": _BUILD_TYPE,
            "externalParameters": {key: value for key, value in asked.items() if value},
            "resolvedDependencies": [_image(one), *_packages(one)],
        },
        "runDetails": {
            "builder": {"id": _BUILDER, "version": {"pratique": __version__}},
            "metadata": {"finishedOn": stamp(order.epoch)},
        },
    })  # fmt: skip


def _image(one: Patched) -> dict[str, Any]:
    """Return what was patched: by its manifest, or its configuration where that is unknown."""
    if one.before.digests:
        digest = one.before.digests[-1].rpartition("@")[2]
        return _material(image_purl(one.before, every_build=True), digest, "image")
    return _material(f"file:{quote(_short(one.before.name))}", one.before.id, "image")


def _short(name: str) -> str:
    """Leave out where files are on this machine."""
    return os.path.basename(name) if os.path.exists(name) else name


def _packages(one: Patched) -> Iterator[dict[str, Any]]:
    inventory = one.proof.after.inventory
    known = {(p.name, p.version): p for p in inventory.packages}
    for upgraded in one.upgraded:
        if not upgraded.url:
            continue
        package: Package | None = known.get((upgraded.name, upgraded.after))
        name = purl(package, inventory.distro) if package else _plain(upgraded)
        yield _material(upgraded.url, upgraded.digest, name)


def _plain(upgraded: Upgraded) -> str:
    return f"{upgraded.name} {upgraded.after}"


def _material(uri: str, digest: str, name: str) -> dict[str, Any]:
    algorithm, _, value = digest.partition(":")
    return {"uri": uri, "digest": {algorithm: value}, "name": name}


def _sbom(one: Patched, digest: str, order: Order, settings: Settings) -> bytes:
    """Return the CycloneDX document of what a scan found in the patched image, by its new name."""
    known: tuple[str, ...] = ()
    if order.output == "registry":
        to = reference.parse(order.tag)
        known = (f"{to.registry}/{to.repository}@{digest}",)
    image = replace(one.after, name=order.tag, tags=(order.tag,), digests=known)
    report = replace(one.proof.after, name=order.tag, image=image)
    return json.format(render([report], settings, Look()).encode(), indent=-1)
