"""Manifests, indexes and image configurations of OCI and Docker (schema 2), as typed records.

https://github.com/opencontainers/image-spec and
https://distribution.github.io/distribution/spec/manifest-v2-2/. Fields that are not named here are
passed over, and null is the same as absent. Digests are checked for their form, because they become
parts of URLs and of paths.
"""

from __future__ import annotations

from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from pratique.codecs import platforms
from pratique.codecs.platforms import Platform
from pratique.errors import MalformedError, NotFound
from pratique.model.image import Digest, Image, Layer

_INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
_MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_CONFIGS = (
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
)
_ARTIFACT = "application/vnd.oci.artifact.manifest.v1+json"
ACCEPT = ", ".join((*_MANIFESTS, *_INDEXES))
"""The media types of manifests that can be read here, for an Accept header."""
BASE_NAME = "org.opencontainers.image.base.name"
"""An annotation, and by custom a label: the image that this one is built on."""

_Digest = Annotated[
    str, Meta(pattern=r"^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})\Z")
]
_Size = Annotated[int, Meta(ge=0, le=1 << 62)]
S = TypeVar("S", bound=Struct)
T = TypeVar("T")


class Descriptor(Struct, frozen=True, rename="camel"):
    """What a manifest says of a blob, or an index of a manifest."""

    digest: _Digest
    media_type: str = ""
    size: _Size = 0
    urls: tuple[str, ...] = ()
    annotations: dict[str, str] = {}
    platform: Platform | None = None
    artifact_type: str = ""


class Index(Struct, frozen=True, rename="camel"):
    """An OCI index or a Docker manifest list."""

    manifests: tuple[Descriptor, ...] = ()
    media_type: str = ""
    annotations: dict[str, str] = {}


class Manifest(Struct, frozen=True, rename="camel"):
    """The configuration and the layers of one image."""

    config: Descriptor
    layers: tuple[Descriptor, ...] = ()
    media_type: str = ""
    artifact_type: str = ""
    annotations: dict[str, str] = {}


class History(Struct, frozen=True):
    """One line of a build; an empty one made no layer."""

    created_by: str = ""
    empty_layer: bool = False


class RootFs(Struct, frozen=True):
    """The digests of the uncompressed layers."""

    diff_ids: tuple[_Digest, ...] = ()


class Config(Struct, frozen=True):
    """What an image configuration says that matters before its layers are opened."""

    rootfs: RootFs = RootFs()
    history: tuple[History, ...] = ()
    os: str = ""
    architecture: str = ""
    variant: str = ""


def read(data: bytes, where: str) -> Index | Manifest:
    """Return an index or a manifest, whichever a document is.

    Raises MalformedError for what is neither, for Docker's schema 1, and for a document that could
    be read as both (CVE-2021-41190).
    """
    document = _document(data, where)
    if is_index(str(document.get("mediaType", ""))) or "manifests" in document:
        return _index(document, where)
    return _manifest(document, where)


class _Tags(Struct):
    tags: tuple[str, ...] | None = None


def read_index(data: bytes, where: str) -> Index:
    """Return an OCI index (image-spec, image-index.md) or a Docker manifest list."""
    return _index(_document(data, where), where)


def read_manifest(data: bytes, where: str) -> Manifest:
    """Return an OCI manifest (image-spec, manifest.md) or a Docker one of schema 2."""
    return _manifest(_document(data, where), where)


def read_tags(data: bytes, where: str) -> tuple[str, ...]:
    """Return a page of a repository's tags (distribution-spec, content discovery)."""
    return _convert(_document(data, where), _Tags, where).tags or ()


def read_config(data: bytes, where: str) -> Config:
    """Return an image configuration (image-spec, config.md)."""
    return _convert(_document(data, where), Config, where)


def is_index(media_type: str) -> bool:
    return media_type in _INDEXES


def choose(index: Index, platform: str, where: str = "") -> tuple[Descriptor, ...]:
    """Return the entries of an index that may serve a platform, as `Source.images` takes it.

    Attestations are left out. One entry for a platform, the best; every one for "all". Entries that
    do not name a platform come where no other serves: `matching` knows when they are read. What is
    the only image of an index serves where no platform was asked for. Else NotFound.
    """
    listed = {entry.digest: entry for entry in index.manifests if _is_image(entry)}.values()
    # what refers to an image stands beside it in a layout; alone it is refused by its own name
    entries = tuple(one for one in listed if not _is_document(one.artifact_type)) or tuple(listed)
    wanted = _wanted(platform)
    if entries and platform == "all":
        return entries
    if best := _best(wanted, [(entry.platform, entry) for entry in entries]):
        return (best,)
    if unnamed := tuple(entry for entry in entries if not str(entry.platform or "")):
        return unnamed
    if not platform and len(entries) == 1:
        return entries
    raise _no_platform(wanted, [str(entry.platform) for entry in entries], where)


def matching(images: tuple[Image, ...], platform: str, where: str = "") -> tuple[Image, ...]:
    """Keep the images that serve a platform by what their configurations say; NotFound if none.

    One image that stands alone serves where no platform was asked for.
    """
    alone = len(images) == 1
    if platform == "all" or (alone and not (platform and images[0].platform)):
        return images
    wanted = _wanted(platform)
    if best := _best(wanted, [(_platform_of(image), image) for image in images]):
        return (best,)
    raise _no_platform(wanted, [image.platform for image in images], where)


def created_by(config: Config) -> tuple[str, ...]:
    """Return the line of history of each layer; empty ones where the history does not fit."""
    lines = tuple(line.created_by for line in config.history if not line.empty_layer)
    layers = len(config.rootfs.diff_ids)
    return lines if len(lines) == layers else ("",) * layers


def assemble(
    name: str,
    manifest: Manifest,
    config: bytes,
    where: str = "",
    *,
    tags: tuple[str, ...] = (),
    digests: tuple[str, ...] = (),
) -> Image:
    """Return the image of a manifest and its configuration, each layer with its history.

    Raises MalformedError for an artifact that is no image (a chart, a signature, an attestation),
    and where manifest and configuration count different layers.
    """
    document = _document(config, where)
    _refuse_artifact(manifest, document, where)
    parsed = _convert(document, Config, where)
    if len(parsed.rootfs.diff_ids) != len(manifest.layers):
        counts = f"{len(manifest.layers)} layers but {len(parsed.rootfs.diff_ids)} diff ids"
        raise MalformedError(f"the image has {counts}", where)
    return Image(
        name=name,
        id=Digest(manifest.config.digest),
        layers=_layers(manifest, parsed),
        platform=str(Platform(parsed.os, parsed.architecture, parsed.variant)),
        tags=tags,
        digests=digests,
        config=document,
        size=sum(layer.size for layer in manifest.layers),
        base=manifest.annotations.get(BASE_NAME, ""),
    )


def _is_image(entry: Descriptor) -> bool:
    kind = entry.annotations.get("vnd.docker.reference.type", "")
    unknown = entry.platform is not None and entry.platform.os == "unknown"
    return kind != "attestation-manifest" and not unknown


def _wanted(platform: str) -> Platform:
    return platforms.host() if platform in ("", "all") else platforms.parse(platform)


def _best(wanted: Platform, offers: list[tuple[Platform | None, T]]) -> T | None:
    ranks = (
        (platforms.rank(wanted, offered or Platform()), at)
        for at, (offered, _) in enumerate(offers)
    )
    ranked = [(rank, at) for rank, at in ranks if rank is not None]
    return offers[min(ranked)[1]][1] if ranked else None


def _platform_of(image: Image) -> Platform:
    parts = (*image.platform.split("/", 2), "", "")
    return Platform(parts[0], parts[1], parts[2])


def _no_platform(wanted: Platform, there: list[str], where: str) -> NotFound:
    prefix = f"{where}: " if where else ""
    if not there:
        return NotFound(f"{prefix}the index holds no image")
    names = ", ".join(dict.fromkeys(name or "an unnamed one" for name in there))
    advice = "Choose one with --platform, or all of them with --platform all."
    return NotFound(f"{prefix}there is no image for {wanted}; its platforms are: {names}", advice)


def _layers(manifest: Manifest, config: Config) -> tuple[Layer, ...]:
    parts = zip(manifest.layers, config.rootfs.diff_ids, created_by(config), strict=True)
    return tuple(
        Layer(
            diff_id=Digest(diff_id),
            digest=Digest(blob.digest),
            size=blob.size,
            media_type=blob.media_type,
            created_by=line,
            urls=blob.urls,
        )
        for blob, diff_id, line in parts
    )


def _refuse_artifact(manifest: Manifest, config: dict[str, object], where: str) -> None:
    known = manifest.config.media_type in _CONFIGS
    layers = [layer.media_type for layer in manifest.layers]
    if (known or "rootfs" in config) and not (layers and all(map(_is_document, layers))):
        return
    what = manifest.artifact_type or (layers[0] if known and layers else manifest.config.media_type)
    raise _not_an_image(what, where)


def _is_document(media_type: str) -> bool:
    """Whether a layer is no file tree: a signature, an attestation, a build cache."""
    return media_type.endswith(("json", "+yaml", "wasm")) or "in-toto" in media_type


def _not_an_image(what: str, where: str) -> MalformedError:
    message = f"this is an OCI artifact ({what or 'of an unnamed type'}), not a container image"
    return MalformedError(message, where)


def _index(document: dict[str, object], where: str) -> Index:
    if "layers" in document or "config" in document:
        raise MalformedError("the document is both a manifest and an index", where)
    return _convert(document, Index, where)


def _manifest(document: dict[str, object], where: str) -> Manifest:
    if "manifests" in document:
        raise MalformedError("an index stands where a manifest should be", where)
    if document.get("schemaVersion") == 1:
        advice = "Pull it and push it again with a current tool, which writes schema 2."
        raise MalformedError("the manifest is of Docker's old schema 1", where, advice)
    if document.get("mediaType") == _ARTIFACT:
        raise _not_an_image(str(document.get("artifactType", "")), where)
    return _convert(document, Manifest, where)


def _document(data: bytes, where: str) -> dict[str, object]:
    try:
        document = msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise MalformedError(f"no JSON: {error}", where) from None
    if not isinstance(document, dict):
        raise MalformedError("the JSON is not an object", where)
    return document


def _convert(document: dict[str, object], kind: type[S], where: str) -> S:
    try:
        return msgspec.convert(_without_null(document), kind)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise MalformedError(str(error), where) from None


def _without_null(value: object) -> object:
    """Go's encoders write null for an empty list."""
    if isinstance(value, dict):
        return {key: _without_null(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_null(item) for item in value if item is not None]
    return value
