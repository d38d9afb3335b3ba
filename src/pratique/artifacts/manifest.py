"""The words of OCI manifests that describe other documents than images.

https://github.com/opencontainers/image-spec/blob/main/manifest.md, "Guidelines for Artifact Usage".
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from msgspec import Struct, json

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
INDEX_TYPE = "application/vnd.oci.image.index.v1+json"
EMPTY_TYPE = "application/vnd.oci.empty.v1+json"
EMPTY = b"{}"
"""The configuration of what has none, by the image specification."""


def digest_in(data: bytes) -> str:
    """Return the digest of a document."""
    return f"sha256:{sha256(data).hexdigest()}"


def described(media_type: str, data: bytes) -> dict[str, object]:
    """Return the descriptor of a document."""
    return {"mediaType": media_type, "digest": digest_in(data), "size": len(data)}


class Part(Struct, frozen=True):
    """A document in a manifest: its descriptor and its content."""

    descriptor: dict[str, object]
    content: bytes


class Stored(Struct, frozen=True):
    """A manifest, and the documents that it names."""

    manifest: bytes
    blobs: tuple[bytes, ...]


def as_image(parts: Sequence[Part]) -> Stored:
    """Return documents as the layers of an image, for registries that know nothing else.

    The same documents make the same bytes.
    """
    never = "0001-01-01T00:00:00Z"
    config = json.encode({
        "architecture": "", "created": never, "history": [{"created": never} for _ in parts],
        "os": "", "config": {},
        "rootfs": {"type": "layers", "diff_ids": [digest_in(part.content) for part in parts]},
    })  # fmt: skip
    manifest = json.encode({
        "schemaVersion": 2, "mediaType": MANIFEST, "config": described(_CONFIG, config),
        "layers": [part.descriptor for part in parts],
    })  # fmt: skip
    return Stored(manifest, (config, *(part.content for part in parts)))
