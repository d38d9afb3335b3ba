"""What `docker save` writes: manifest.json, a configuration, and layers as tars.

https://github.com/moby/docker-image-spec (v1.2, combined image JSON and layers)
"""

from __future__ import annotations

import hashlib
import re

from msgspec import Struct, field, json
from msgspec.structs import replace

from pratique.codecs import oci
from pratique.errors import MalformedError
from pratique.model.image import Digest, Image, Layer


class Saved(Struct, frozen=True, rename="pascal"):
    """One image of the archive."""

    config: str
    layers: tuple[str, ...] | None = None
    repo_tags: tuple[str, ...] | None = field(default=None)

    @property
    def tags(self) -> tuple[str, ...]:
        return self.repo_tags or ()


def read(manifest: bytes, where: str) -> list[Saved]:
    """Return the images that manifest.json lists; raise MalformedError where it lists none."""
    try:
        saved = json.decode(manifest, type=list[Saved])
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"manifest.json: {error}", where) from error
    if not saved:
        raise MalformedError("manifest.json lists no image", where)
    return saved


def assemble(name: str, saved: Saved, config: bytes, where: str) -> Image:
    """Return the image of an entry, each layer with the member that holds it."""
    diff_ids = oci.read_config(config, where).rootfs.diff_ids
    members = saved.layers or ()
    if len(members) != len(diff_ids):
        raise MalformedError(
            f"manifest.json lists {len(members)} layers, the configuration {len(diff_ids)}", where
        )
    found = f"sha256:{hashlib.sha256(config).hexdigest()}"
    manifest = oci.Manifest(
        oci.Descriptor(found), tuple(oci.Descriptor(diff_id) for diff_id in diff_ids)
    )
    image = oci.assemble(name, manifest, config, where, tags=saved.tags)
    layers = tuple(_layer(*pair) for pair in zip(image.layers, members, strict=True))
    return replace(image, layers=layers)


def digest_in(member: str) -> str:
    """Return the digest that a member is named by, or nothing."""
    match = re.search(r"(?:^|/)([0-9a-f]{64})(?:\.json)?$", member)
    return f"sha256:{match[1]}" if match else ""


def _layer(layer: Layer, member: str) -> Layer:
    stored = digest_in(member) if member.startswith("blobs/") else ""
    return replace(layer, locator=member, digest=Digest(stored))
