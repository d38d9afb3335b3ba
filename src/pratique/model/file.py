"""One file of a layer, as an analyzer is given it."""

from __future__ import annotations

from typing import BinaryIO, Protocol


class File(Protocol):
    """A file's path and content; reading is bounded by whoever made it."""

    @property
    def path(self) -> str:
        """Relative to the root of the file system, without a leading slash."""

    @property
    def size(self) -> int:
        """Bytes."""

    def read(self) -> bytes:
        """Return the whole content; raise LimitExceeded for more than 256 MiB."""

    def open(self) -> BinaryIO:
        """Return the content as a seekable stream, which the caller need not close."""
