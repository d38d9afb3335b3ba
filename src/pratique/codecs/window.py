"""Read a seekable stream, or a stretch of one, by offset and never beyond its bounds."""

from __future__ import annotations

from typing import BinaryIO

from pratique.errors import MalformedError


class Window:
    """A stretch of a stream; offsets count from its start."""

    __slots__ = ("_start", "_stream", "size", "where")

    def __init__(self, stream: BinaryIO, size: int, where: str = "", start: int = 0) -> None:
        self._stream = stream
        self._start = start
        self.size = size
        self.where = where

    def at(self, offset: int, size: int) -> bytes:
        """Return exactly `size` bytes; raise MalformedError where the stretch ends before."""
        data = self.upto(offset, size)
        if len(data) != size:
            raise MalformedError(f"cut short: {size} bytes at {offset} are missing", self.where)
        return data

    def upto(self, offset: int, size: int) -> bytes:
        """Return at most `size` bytes; fewer only where the stretch ends."""
        size = min(size, self.size - offset)
        if offset < 0 or size <= 0:
            return b""
        self._stream.seek(self._start + offset)
        return self._stream.read(size)

    def part(self, offset: int, size: int) -> Window:
        """Return a stretch of this stretch."""
        if offset < 0 or size < 0 or offset + size > self.size:
            raise MalformedError(f"cut short: {size} bytes at {offset} are missing", self.where)
        return Window(self._stream, size, self.where, self._start + offset)
