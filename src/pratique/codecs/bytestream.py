"""Read a stream of chunks by exact sizes, so that a tar can be walked without holding it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from pratique.errors import MalformedError

Section = Callable[[int, int], BinaryIO]


class ByteStream:
    """Chunks as a forward-only stream; counts what went through."""

    def __init__(self, chunks: Iterator[bytes], where: str = "") -> None:
        self._chunks = chunks
        self.chunk = b""
        """The present chunk, for whoever unpacks in place; `at` is how far it is read."""
        self.at = 0
        self.where = where
        self.section: Section | None = None
        """Gives a stretch of the stream at random, where it lies uncompressed in a file."""
        self.passed = 0
        """Bytes of all chunks before the present one."""

    @property
    def offset(self) -> int:
        return self.passed + self.at

    def read(self, size: int) -> bytes:
        """Return exactly `size` bytes; raise MalformedError where the stream ends before."""
        start, end = self.at, self.at + size
        if end <= len(self.chunk):
            self.at = end
            return self.chunk[start:end]
        return b"".join(self.pieces(size))

    def peek(self, size: int) -> bytes:
        """Return up to `size` bytes without passing them; fewer only at the stream's end."""
        while len(self.chunk) - self.at < size:
            rest, following = self.chunk[self.at :], next(self._chunks, b"")
            if not following:
                return rest
            self.passed += self.at
            self.chunk, self.at = rest + following, 0
        return self.chunk[self.at : self.at + size]

    def pieces(self, size: int) -> Iterator[bytes]:
        """Yield the next `size` bytes in pieces as they come."""
        while size > 0:
            piece = self.chunk[self.at : self.at + size]
            if piece:
                self.at += len(piece)
                size -= len(piece)
                yield piece
            else:
                self._advance(size)

    def skip(self, size: int) -> None:
        """Pass over `size` bytes."""
        while (left := len(self.chunk) - self.at) < size:
            size -= left
            self.at += left
            self._advance(size)
        self.at += size

    def drain(self) -> int:
        """Pass over all that is left; return how many bytes that were."""
        before = self.offset
        self.at = len(self.chunk)
        for chunk in self._chunks:
            self.passed += self.at
            self.chunk, self.at = chunk, len(chunk)
        return self.offset - before

    def _advance(self, missing: int) -> None:
        following = next(self._chunks, b"")
        if not following:
            raise MalformedError(
                f"ends at byte {self.offset}, {missing} bytes too early", self.where
            )
        self.passed += len(self.chunk)
        self.chunk, self.at = following, 0
