"""Headers of PE files: the executables and libraries of Windows, and of .NET everywhere."""

from __future__ import annotations

from struct import Struct

from pratique.codecs.program import Program, Stretch
from pratique.codecs.window import Window

_COFF = Struct("<4sHHIIIHH")
_SECTION = Struct("<8sIIIIIIHHI")
_POINTER = Struct("<I")
_BASE = {0x10B: (Struct("<I"), 28), 0x20B: (Struct("<Q"), 24)}
"""Where ImageBase is in the optional header, by its magic number."""
_INITIALIZED, _WRITABLE = 0x40, 0x80000000


def read_pe(file: Window, head: bytes, wanted: tuple[str, ...]) -> tuple[Program, ...]:
    """Read the headers of a PE file (Microsoft's PE format specification).

    Its sections are what is loaded, so that they are the segments too. A program of DOS alone
    gives nothing.
    """
    if len(head) < 64:
        return ()
    start = _POINTER.unpack_from(head, 60)[0]
    coff = file.upto(start, _COFF.size)
    if len(coff) < _COFF.size or not coff.startswith(b"PE\0\0"):
        return ()
    _, _, count, _, _, _, optional_size, _ = _COFF.unpack(coff)
    optional = file.at(start + _COFF.size, optional_size)
    table = file.at(start + _COFF.size + optional_size, count * _SECTION.size)
    segments = tuple(_segments(table, _image_base(optional)))
    packed = any(segment.name in ("UPX0", "UPX1") for segment in segments)
    sections = tuple(segment for segment in segments if segment.name in wanted)
    end = max((s.offset + s.size for s in segments), default=0)
    return (Program("PE", sections, segments, True, packed, end),)


def _image_base(optional: bytes) -> int:
    magic = int.from_bytes(optional[:2], "little")
    layout, offset = _BASE.get(magic, (_POINTER, 28))
    if len(optional) < offset + layout.size:
        return 0
    base: int = layout.unpack_from(optional, offset)[0]
    return base


def _segments(table: bytes, base: int) -> list[Stretch]:
    found = []
    for fields in _SECTION.iter_unpack(table):
        name, used, address, stored, offset = fields[:5]
        if stored:
            # the file's alignment may store more than is used
            size = min(used, stored) if used else stored
            writable = bool(fields[9] & _WRITABLE and fields[9] & _INITIALIZED)
            text = name.rstrip(b"\0").decode("latin-1")
            found.append(Stretch(text, base + address, offset, size, writable))
    return found
