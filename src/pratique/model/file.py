"""One file of a layer, as an analyzer is given it."""

from __future__ import annotations

from typing import BinaryIO, Protocol


class File(Protocol):
    """A file's path and content; reading is bounded by whoever made it."""

    def __hash__(self) -> int:
        """By identity: what was read of a file is kept for the next analyzer."""

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

    def other(self, path: str) -> bytes | None:
        """Return another file of a project by its path from the root; None where there is none.

        Only a project on disk has others (its lock files are read one beside the other); a layer
        is a stream. `~/.m2/repository/…` and `~/go/pkg/mod/cache/download/…` are the user's own
        caches. Anything else outside is not read, nor what is larger than 16 MiB.
        """
