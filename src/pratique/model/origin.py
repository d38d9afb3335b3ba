"""Where a layer comes from: an instruction of the user's own Dockerfile."""

from __future__ import annotations

from msgspec import Struct


class Origin(Struct, frozen=True, gc=False):
    """An instruction that made a layer, or the FROM that brought it."""

    path: str
    """The Dockerfile, as the user named it."""
    start: int
    """Its first line, from 1."""
    end: int
    """Its last line, here-documents included."""
    instruction: str
    """FROM, RUN, COPY, ADD …"""
    lines: tuple[str, ...] = ()
    """From `start` to `end`."""

    def line_of(self, name: str) -> int:
        """Return the line that names a package; the first where none does."""
        found = (at for at, line in enumerate(self.lines) if name and name.lower() in line.lower())
        return self.start + next(found, 0)
