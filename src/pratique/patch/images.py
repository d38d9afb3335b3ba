"""A patched image: the layers of another and one more, with its configuration and manifest.

https://github.com/opencontainers/image-spec: config.md, manifest.md, annotations.md.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import json
from msgspec.structs import replace

from pratique.model.image import Digest, Image, Layer
from pratique.model.source import Source
from pratique.patch.layer import MEDIA_TYPE, Written

_CHUNK = 1 << 20
CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
INDEX_TYPE = "application/vnd.oci.image.index.v1+json"


def patched(image: Image, written: Written, command: str, epoch: int) -> Image:
    """Return an image with one layer more; its history and configuration say so."""
    config = dict(image.config)
    rootfs = dict(config.get("rootfs") or {"type": "layers"})
    rootfs["diff_ids"] = [*(rootfs.get("diff_ids") or ()), written.diff_id]
    line = {"created": stamp(epoch), "created_by": command, "comment": "pratique"}
    config["rootfs"] = rootfs
    config["history"] = [*(config.get("history") or ()), line]
    config["created"] = stamp(epoch)
    layer = Layer(written.diff_id, written.digest, written.size, MEDIA_TYPE, command)
    layers = (*image.layers, layer)
    made = replace(image, config=config, layers=layers, size=image.size + written.size)
    return replace(made, id=Digest(digest_of(config_of(made))), digests=(), tags=())


def config_of(image: Image) -> bytes:
    """Return an image's configuration as it is stored."""
    return json.encode(image.config, order="deterministic")


def stamp(epoch: int) -> str:
    """Return seconds since 1970 in RFC 3339."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch))


def digest_of(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def descriptor(media_type: str, data: bytes) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": digest_of(data), "size": len(data)}


def annotations_of(before: Image) -> dict[str, str]:
    """Return what a manifest says of the image that was patched."""
    found = {}
    if before.digests:
        found["org.opencontainers.image.base.digest"] = before.digests[-1].rpartition("@")[2]
    name = before.tags[0] if before.tags else ""
    if name:
        found["org.opencontainers.image.base.name"] = name
    return found


class WithLayers:
    """A source with further layers, which are in files; satisfies Source."""

    def __init__(self, source: Source, written: Mapping[str, Written]) -> None:
        self._source = source
        self._written = written

    def images(self, platform: str) -> tuple[Image, ...]:
        return self._source.images(platform)

    def open(self, layer: Layer) -> Iterator[bytes]:
        if layer.diff_id in self._written:
            return _chunks(self._written[layer.diff_id].path)
        return self._source.open(layer)

    def close(self) -> None:
        self._source.close()


def _chunks(path: str) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
