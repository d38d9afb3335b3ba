"""Images as components: their layers, their base, and what of them could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from msgspec import MsgspecError, Struct, json, structs

from pratique.codecs.sbom import Component, Kind, clean, exact, value, values
from pratique.model.image import Digest, Image, Layer
from pratique.model.inventory import Problem
from pratique.model.report import Base, Report

_BASE_NAME = "org.opencontainers.image.base.name"
_BASE_LAYERS, _KNOWN_BY = "pratique:base:layers", "pratique:base:known-by"
_LAYER, _PROBLEM, _FILES = "pratique:layer", "pratique:problem", "pratique:files"
_NAME, _PLATFORM, _IMAGE = "pratique:name", "pratique:platform", "pratique:image"
_CREATED = "pratique:created"
T = TypeVar("T", bound=Struct)


class _Identity(Struct, frozen=True, omit_defaults=True):
    """What an image is called, where the standard properties cannot hold it."""

    id: str = ""
    platform: str = ""
    tags: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    size: int = 0


def component(report: Report, ref: str) -> Component:
    """Return what a report is about: an image, or a directory."""
    properties = [("SchemaVersion", "2"), *_problems(report)]
    if report.inventory.files:
        properties.append((_FILES, str(report.inventory.files)))
    if report.name != (clean(report.name) or "-"):
        properties.append((_NAME, exact(report.name)))
    kind: Kind = "directory" if report.image is None else "image"
    if report.image is not None:
        properties += _image(report.image, report.base)
    return Component(ref, kind, clean(report.name) or "-", properties=tuple(properties))


def read(component: Component) -> Image:
    """Return the image of a component; layers that ours describe, else those of `DiffID`."""
    layers = tuple(_decoded(component, _LAYER, Layer))
    if not layers:
        layers = tuple(Layer(Digest(diff_id)) for diff_id in values(component, "DiffID"))
    size = value(component, "Size")
    known = _Identity(
        value(component, "ImageID") or component.version,
        value(component, _PLATFORM),
        tuple(values(component, "RepoTag")),
        tuple(values(component, "RepoDigest")),
        int(size) if size.isdecimal() and len(size) < 19 else 0,
    )
    one = next(_decoded(component, _IMAGE, _Identity), known)
    created = value(component, _CREATED)
    return Image(
        name(component), Digest(one.id), layers, one.platform, one.tags, one.digests,
        {"created": created} if created else {}, one.size,
    )  # fmt: skip


def name(component: Component) -> str:
    """Return the name of what was scanned, exactly."""
    written = value(component, _NAME)
    try:
        return json.decode(written, type=str) if written else component.name
    except MsgspecError:
        return component.name


def base(component: Component) -> Base | None:
    """Return the base image, None where the document knows nothing of one."""
    layers = value(component, _BASE_LAYERS)
    if not (layers.isdecimal() and len(layers) < 6):
        return None
    return Base(int(layers), value(component, _BASE_NAME), value(component, _KNOWN_BY))


def problems(component: Component) -> tuple[Problem, ...]:
    found = []
    for written in values(component, _PROBLEM):
        try:
            found.append(json.decode(written, type=Problem))
        except MsgspecError:
            found.append(Problem(written))
    return tuple(found)


def files(component: Component) -> int:
    written = value(component, _FILES)
    return int(written) if written.isdecimal() and len(written) < 12 else 0


def _image(image: Image, base: Base) -> Iterator[tuple[str, str]]:
    properties = [
        ("ImageID", image.id),
        *(("DiffID", layer.diff_id) for layer in image.layers),
        *(("RepoTag", tag) for tag in image.tags),
        *(("RepoDigest", digest) for digest in image.digests),
        ("Reference", image.tags[0] if image.tags else image.name),
        ("Size", str(image.size) if image.size > 0 else ""),
        *_labels(image),
        (_PLATFORM, image.platform),
        (_CREATED, str(image.config.get("created") or "")),
    ]
    written = tuple((key, clean(text)) for key, text in properties if clean(text))
    yield from written
    identity = _Identity(image.id, image.platform, image.tags, image.digests, image.size)
    known = read(Component("", "image", "", properties=written))
    if _Identity(known.id, known.platform, known.tags, known.digests, known.size) != identity:
        yield _IMAGE, exact(identity)
    for layer in image.layers:
        yield _LAYER, exact(_described(layer))
    yield _BASE_LAYERS, str(base.layers)
    yield from (
        (k, clean(v)) for k, v in ((_BASE_NAME, base.name), (_KNOWN_BY, base.known_by)) if v
    )


def _described(layer: Layer) -> dict[str, object]:
    plain = structs.asdict(structs.replace(layer, locator=""))
    return {key: found for key, found in plain.items() if found or key == "diff_id"}


def _labels(image: Image) -> Iterator[tuple[str, str]]:
    config = image.config.get("config")
    labels = config.get("Labels") if isinstance(config, dict) else None
    for key, text in sorted(labels.items()) if isinstance(labels, dict) else ():
        yield f"Labels:{clean(str(key))}", str(text)


def _problems(report: Report) -> Iterator[tuple[str, str]]:
    for problem in report.inventory.problems:
        yield _PROBLEM, exact(problem)


def _decoded(component: Component, name: str, kind: type[T]) -> Iterator[T]:
    for written in values(component, name):
        try:
            yield json.decode(written, type=kind)
        except MsgspecError:
            continue
