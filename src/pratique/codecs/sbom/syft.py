"""Syft's own JSON (https://github.com/anchore/syft/tree/main/schema/json), which is only read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import MsgspecError, Struct, convert, json

from pratique.codecs import jsontext
from pratique.codecs.sbom import Component, Document, Edge, exact
from pratique.errors import MalformedError

_IMAGE, _SYSTEM = "image", "os"


class _Location(Struct):
    path: str | None = None
    layerID: str | None = None


class _Artifact(Struct):
    id: str | None = None
    name: str | None = None
    version: str | None = None
    purl: str | None = None
    type: str | None = None
    locations: list[_Location] | None = None
    licenses: list[Any] | None = None
    metadata: Any = None


class _Relationship(Struct):
    parent: str | None = None
    child: str | None = None
    type: str | None = None


class _Distro(Struct):
    id: str | None = None
    versionID: str | None = None
    prettyName: str | None = None
    versionCodename: str | None = None


class _Layer(Struct):
    digest: str | None = None
    size: int | None = None


class _ImageData(Struct):
    userInput: str | None = None
    imageID: str | None = None
    tags: list[str] | None = None
    repoDigests: list[str] | None = None
    layers: list[_Layer] | None = None
    architecture: str | None = None
    os: str | None = None


class _Source(Struct):
    type: str | None = None
    name: str | None = None
    metadata: Any = None


class _Syft(Struct):
    artifacts: list[_Artifact] | None = None
    artifactRelationships: list[_Relationship] | None = None
    source: _Source | None = None
    distro: _Distro | None = None


_DECODER = json.Decoder(_Syft, strict=False)


def read(data: bytes, where: str) -> Document:
    """Read a document; raises MalformedError where it is none."""
    syft = jsontext.decode(data, _DECODER, where)
    components = [_root(syft.source or _Source(), where)]
    if syft.distro and syft.distro.id:
        components.append(_system(syft.distro))
    for number, artifact in enumerate(syft.artifacts or ()):
        components.append(_component(artifact, f"package#{number}"))
    ids = {artifact.id: f"package#{number}" for number, artifact in enumerate(syft.artifacts or ())}
    edges = [Edge(of, "depends", (to,)) for of, to in _needs(syft, ids)]
    return Document(components[0].name, "", (_IMAGE,), tuple(components), tuple(edges), "syft")


def _needs(syft: _Syft, ids: dict[str | None, str]) -> Iterator[tuple[str, str]]:
    """Yield who needs whom: the parent is needed by its child."""
    for one in syft.artifactRelationships or ():
        if one.type == "dependency-of" and one.parent in ids and one.child in ids:
            yield ids[one.child], ids[one.parent]


def _root(source: _Source, where: str) -> Component:
    metadata = source.metadata
    if source.type != "image" or not isinstance(metadata, dict):
        return Component(_IMAGE, "directory", source.name or "-")
    try:
        image = convert(metadata, _ImageData, strict=False)
    except MsgspecError as error:
        raise MalformedError(f"source.metadata: {error}", where) from error
    layers = [{"diff_id": one.digest or "", "size": max(0, one.size or 0)}
              for one in image.layers or ()]  # fmt: skip
    platform = f"{image.os}/{image.architecture}" if image.os and image.architecture else ""
    properties = [
        ("ImageID", image.imageID or ""), ("pratique:platform", platform),
        *(("RepoTag", tag) for tag in image.tags or ()),
        *(("RepoDigest", digest) for digest in image.repoDigests or ()),
        *(("pratique:layer", exact(layer)) for layer in layers),
        ("Size", str(sum(max(0, one.size or 0) for one in image.layers or ()))),
    ]  # fmt: skip
    return Component(_IMAGE, "image", image.userInput or source.name or "-",
                     properties=tuple(properties))  # fmt: skip


def _system(distro: _Distro) -> Component:
    return Component(
        _SYSTEM, "system", distro.id or "", version=distro.versionID or "",
        properties=(("syft:distro:id", distro.id or ""),
                    ("syft:distro:prettyName", distro.prettyName or ""),
                    ("syft:distro:versionCodename", distro.versionCodename or "")),
    )  # fmt: skip


_METADATA = ("source", "sourceVersion", "sourceRpm", "originPackage", "modularityLabel",
             "virtualPath")  # fmt: skip


def _component(artifact: _Artifact, ref: str) -> Component:
    place = next(iter(artifact.locations or ()), _Location())
    metadata = artifact.metadata if isinstance(artifact.metadata, dict) else {}
    properties = [
        (f"syft:metadata:{name}", metadata[name])
        for name in _METADATA
        if isinstance(metadata.get(name), str)
    ]
    return Component(
        ref, "package", artifact.name or "", version=artifact.version or "",
        purl=artifact.purl or "", licenses=tuple(_licenses(artifact.licenses or ())),
        location=place.path or "",
        properties=(*properties, ("LayerDiffID", place.layerID or ""),
                    ("syft:package:type", artifact.type or "")),
    )  # fmt: skip


def _licenses(licenses: list[Any] | tuple[()]) -> Iterator[str]:
    """Yield the licences: plain texts once, objects with a value today."""
    for one in licenses:
        text = (one.get("spdxExpression") or one.get("value")) if isinstance(one, dict) else one
        if isinstance(text, str) and text:
            yield text
