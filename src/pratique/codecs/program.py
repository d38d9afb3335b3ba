"""What executables of every format have in common: named sections and loaded segments."""

from __future__ import annotations

from msgspec import Struct


class Stretch(Struct, frozen=True, gc=False):
    """A section or a segment, as far as the file holds it."""

    name: str
    address: int
    """Where it is in memory."""
    offset: int
    size: int
    writable: bool = False


class Program(Struct, frozen=True, gc=False):
    """An executable, a library, or one of several in a universal file."""

    format: str
    """`ELF`, `PE` or `Mach-O`."""
    sections: tuple[Stretch, ...] = ()
    """Those that were asked for."""
    segments: tuple[Stretch, ...] = ()
    sectioned: bool = False
    """Whether it has sections at all."""
    packed: bool = False
    """Whether UPX compressed it, sections, segments and all."""
    end: int = 0
    """Where its last section ends; beyond the file's size where the file is cut short. 0 where
    no section that was asked for is there."""

    def section(self, *names: str) -> Stretch | None:
        """Return the first section of one of these names."""
        return next((found for found in self.sections if found.name in names), None)
