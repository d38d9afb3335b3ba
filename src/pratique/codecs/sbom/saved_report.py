"""Reports of JSON (Trivy's SchemaVersion 2, which is ours as well) as documents: what they list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, json

from pratique.codecs import jsontext
from pratique.codecs.sbom import CORRECTED, Component, Document, Edge, exact
from pratique.errors import MalformedError

_ROOT, _SYSTEM = "image", "os"


class _Layer(Struct, frozen=True):
    Digest: str = ""
    DiffID: str = ""
    Size: int = 0
    CreatedBy: str = ""


class _Identifier(Struct, frozen=True):
    PURL: str = ""


class _Line(Struct, frozen=True):
    StartLine: int = 0


class _Own(Struct, frozen=True):
    IntroducedIn: _Layer = _Layer()


class _Package(Struct, frozen=True):
    ID: str = ""
    Name: str = ""
    Identifier: _Identifier = _Identifier()
    SrcName: str = ""
    SrcVersion: str = ""
    SrcRelease: str = ""
    SrcEpoch: int = 0
    Licenses: list[str] | None = None
    Maintainer: str = ""
    Modularitylabel: str = ""
    Relationship: str = ""
    Dev: bool = False
    DependsOn: list[str] | None = None
    Layer: _Layer = _Layer()
    FilePath: str = ""
    Locations: list[_Line] | None = None
    Pratique: _Own = _Own()


class _Result(Struct, frozen=True):
    Target: str = ""
    Class: str = ""
    Type: str = ""
    Packages: list[_Package] | None = None


class _System(Struct, frozen=True):
    Family: str = ""
    Name: str = ""


class _ImageConfig(Struct, frozen=True):
    created: str | None = None
    os: str = ""
    architecture: str = ""
    variant: str = ""


class _Metadata(Struct, frozen=True):
    OS: _System | None = None
    Size: int = 0
    ImageID: str = ""
    DiffIDs: list[str] | None = None
    RepoTags: list[str] | None = None
    RepoDigests: list[str] | None = None
    Layers: list[_Layer] | None = None
    ImageConfig: _ImageConfig = _ImageConfig()


class _Base(Struct, frozen=True):
    Name: str = ""
    Layers: int = 0
    KnownBy: str = ""


class _OwnReport(Struct, frozen=True):
    Base: _Base = _Base()


class _OwnPart(Struct, frozen=True):
    Reports: list[_OwnReport] | None = None


class _Report(Struct, frozen=True):
    ArtifactName: str = ""
    ArtifactType: str = ""
    CreatedAt: str = ""
    Metadata: _Metadata = _Metadata()
    Results: list[_Result] | None = None
    Pratique: _OwnPart = _OwnPart()


_DECODER = json.Decoder(_Report)


def read(data: bytes, where: str) -> Document:
    """Return what a report lists; raises MalformedError where it does not list its packages."""
    report = jsontext.decode(data, _DECODER, where)
    results = [one for one in report.Results or () if one.Class in ("os-pkgs", "lang-pkgs")]
    if results and not any(one.Packages for one in results):
        raise MalformedError("a report that does not list its packages", where)
    components = [_root(report)]
    if system := report.Metadata.OS:
        components.append(Component(_SYSTEM, "system", system.Family, version=system.Name))
    edges: list[Edge] = []
    for number, result in enumerate(results):
        components += _result(result, f"{number}", edges, _indexes(report))
    return Document(report.ArtifactName, report.CreatedAt, (_ROOT,), tuple(components),
                    tuple(edges))  # fmt: skip


def _root(report: _Report) -> Component:
    found = report.Metadata
    if not found.ImageID and not found.DiffIDs:
        return Component(_ROOT, "directory", report.ArtifactName)
    config = found.ImageConfig
    platform = "/".join(filter(None, (config.os, config.architecture, config.variant)))
    layers = found.Layers or [_Layer(DiffID=diff_id) for diff_id in found.DiffIDs or ()]
    described = [
        {"diff_id": one.DiffID, "digest": one.Digest, "size": one.Size, "created_by": one.CreatedBy}
        for one in layers
    ]
    base = next(iter(report.Pratique.Reports or ()), _OwnReport()).Base
    properties = [
        ("pratique:base:layers", str(base.Layers)),
        ("pratique:base:known-by", base.KnownBy),
        ("org.opencontainers.image.base.name", base.Name),
        ("ImageID", found.ImageID),
        ("Size", str(found.Size)),
        ("pratique:platform", platform),
        ("pratique:created", config.created or ""),
        *(("RepoTag", tag) for tag in found.RepoTags or ()),
        *(("RepoDigest", digest) for digest in found.RepoDigests or ()),
        *(("pratique:layer", exact(layer)) for layer in described),
    ]
    return Component(_ROOT, "image", report.ArtifactName, properties=tuple(properties))


def _indexes(report: _Report) -> dict[str, int]:
    return {diff_id: index for index, diff_id in enumerate(report.Metadata.DiffIDs or ())}


def _result(
    result: _Result, start: str, edges: list[Edge], layers: Mapping[str, int]
) -> Iterator[Component]:
    """Yield the packages of a result, and the file that they are in where it stands for one."""
    refs = {one.ID: f"{start} {number}" for number, one in enumerate(result.Packages or ())}
    if result.Class == "lang-pkgs":
        properties = (("Class", result.Class), ("Type", result.Type))
        yield Component(start, "application", result.Target, properties=properties)
        edges.append(Edge(start, "contains", tuple(refs.values())))
    for number, package in enumerate(result.Packages or ()):
        ref = f"{start} {number}"
        needs = tuple(refs[id] for id in package.DependsOn or () if id in refs)
        if needs:
            edges.append(Edge(ref, "depends", needs))
        yield _package(package, result, ref, layers)


def _package(package: _Package, result: _Result, ref: str, layers: Mapping[str, int]) -> Component:
    line = package.Locations[0].StartLine if package.Locations else 0
    properties: tuple[tuple[str, str], ...] = (
        ("PkgType", result.Type), ("SrcName", package.SrcName), ("SrcVersion", package.SrcVersion),
        ("SrcRelease", package.SrcRelease), ("SrcEpoch", str(package.SrcEpoch or "")),
        ("Modularitylabel", package.Modularitylabel), ("FilePath", package.FilePath),
        ("Relationship", package.Relationship), ("LayerDiffID", package.Layer.DiffID),
        ("LayerDigest", package.Layer.Digest),
    )  # fmt: skip
    introduced = layers.get(package.Pratique.IntroducedIn.DiffID)
    if introduced is not None:
        properties += ((CORRECTED, exact({"introduced": introduced})),)
    return Component(
        ref, "package", package.Name, purl=package.Identifier.PURL, supplier=package.Maintainer,
        licenses=tuple(package.Licenses or ()), line=max(0, line), development=package.Dev,
        properties=properties,
    )  # fmt: skip
