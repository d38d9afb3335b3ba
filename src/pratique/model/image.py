"""An image: its layers in order, and what its configuration says."""

from __future__ import annotations

from typing import Any, NewType

from msgspec import Struct

Digest = NewType("Digest", str)
"""`<algorithm>:<hex>`, as in the OCI image specification."""


class Layer(Struct, frozen=True, gc=False):
    """One layer of an image."""

    diff_id: Digest
    """Digest of the uncompressed tar."""
    digest: Digest = Digest("")
    """Digest of the blob as stored; empty where a source does not keep one."""
    size: int = 0
    """Bytes of the blob as stored; 0 where it is not known before reading."""
    media_type: str = ""
    created_by: str = ""
    """The line of the image's history that made it."""
    urls: tuple[str, ...] = ()
    """Where a foreign layer is kept, outside the registry."""
    locator: str = ""
    """How its source finds it again: a path in an archive, for example."""


class Image(Struct, frozen=True):
    """What a source knows of an image before any layer is opened."""

    name: str
    """As the user named it."""
    id: Digest
    """Digest of the configuration."""
    layers: tuple[Layer, ...]
    platform: str = ""
    """`os/architecture[/variant]`."""
    tags: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    """`repository@sha256:…` under which a registry knows it."""
    config: dict[str, Any] = {}
    """The OCI image configuration, as it is."""
    size: int = 0
    """Bytes of all layers as stored."""
    base: str = ""
    """The image that its manifest says it is built on (OCI's annotation base.name)."""
