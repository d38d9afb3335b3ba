"""The words of OCI manifests that describe other documents than images.

https://github.com/opencontainers/image-spec/blob/main/manifest.md, "Guidelines for Artifact Usage".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from msgspec import json

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


def as_image(layers: Sequence[Mapping[str, object]]) -> tuple[bytes, bytes]:
    """Return the manifest and the configuration of documents that are stored as an image's layers.

    That is how cosign stores them, for registries that know nothing else. The same descriptors make
    the same bytes.
    """
    never = "0001-01-01T00:00:00Z"
    config = json.encode({
        "architecture": "", "created": never, "history": [{"created": never} for _ in layers],
        "os": "", "config": {},
        "rootfs": {"type": "layers", "diff_ids": [layer["digest"] for layer in layers]},
    })  # fmt: skip
    manifest = json.encode({
        "schemaVersion": 2, "mediaType": MANIFEST, "config": described(_CONFIG, config),
        "layers": layers,
    })  # fmt: skip
    return manifest, config
