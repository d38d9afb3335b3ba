"""The one protocol with state: a place that images come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from pratique.model.image import Image, Layer


class Sectioned(Protocol):
    """Chunks of a blob that lies in a file: what `Source.open` may return to save copying."""

    def section(self, offset: int, size: int) -> BinaryIO:
        """Return a stretch of the blob as a seekable stream."""


class Source(Protocol):
    """Gives images, then their layers; `open` may be called from several threads at once."""

    def images(self, platform: str) -> tuple[Image, ...]:
        """Return the images for a platform: `os/architecture[/variant]`.

        "" is the platform of this machine; "all" every one there is, attestations left out.
        """

    def open(self, layer: Layer) -> Iterator[bytes]:
        """Return a layer's blob as it is stored, in pieces of about 1 MiB.

        Its digest is verified on the way: DigestMismatch after the last piece where it is wrong.
        """

    def close(self) -> None:
        """Give back connections and temporary files."""
