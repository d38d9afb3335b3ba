"""Headers of ELF files: the sections that are asked for, and the loaded segments."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from pratique.codecs.program import Program, Stretch
from pratique.codecs.window import Window
from pratique.errors import MalformedError

_HEADER = {1: "HHIIIIIHHHHHH", 2: "HHIQQQIHHHHHH"}
_SECTION = {1: "IIIIIIIIII", 2: "IIQQQQIIQQ"}
_SEGMENT = {1: "IIIIIIII", 2: "IIQQQQQQ"}
_LOADED, _WRITABLE = 1, 2
_NO_BITS, _EXTENDED = 8, 0xFFFF
_NAMES = 1 << 24
_SECTIONS = 1 << 18


class _Header:
    """The ELF header, its fields in the order of the specification."""

    def __init__(self, head: bytes, file: Window) -> None:
        if len(head) < 6:
            raise MalformedError("an ELF header that is cut short", file.where)
        bits, order = head[4], {1: "<", 2: ">"}.get(head[5])
        if bits not in _HEADER or order is None:
            raise MalformedError("an ELF file of unknown class or byte order", file.where)
        layout = Struct(order + _HEADER[bits])
        if len(head) < 16 + layout.size:
            raise MalformedError("an ELF header that is cut short", file.where)
        fields = layout.unpack_from(head, 16)
        self.segments_at, self.sections_at = fields[4], fields[5]
        self.segment_size, self.segment_count = fields[8:10]
        self.section_size, self.section_count, self.names_index = fields[10:13]
        self.section = Struct(order + _SECTION[bits])
        self.segment = Struct(order + _SEGMENT[bits])
        self.wide = bits == 2


def read_elf(file: Window, head: bytes, wanted: tuple[str, ...]) -> Program:
    """Read the headers of an ELF file (System V ABI, gABI 4.1, chapters 4 and 5).

    Costs three reads: where no wanted name is among the section names, sections are not looked at.
    Raises MalformedError where a table lies beyond the file.
    """
    header = _Header(head, file)
    sections, end = _sections(file, header, wanted)
    sectioned = header.sections_at != 0
    packed = not sectioned and b"UPX!" in head
    return Program("ELF", sections, _segments(file, header), sectioned, packed, end)


def _segments(file: Window, header: _Header) -> tuple[Stretch, ...]:
    count, layout = header.segment_count, header.segment
    if not count or header.segment_size != layout.size:
        return ()
    found = []
    for fields in layout.iter_unpack(file.at(header.segments_at, count * layout.size)):
        if fields[0] == _LOADED:
            if header.wide:
                _, flags, offset, address, _, size = fields[:6]
            else:
                _, offset, address, _, size, _, flags = fields[:7]
            found.append(Stretch("", address, offset, size, bool(flags & _WRITABLE)))
    return tuple(found)


def _sections(
    file: Window, header: _Header, wanted: tuple[str, ...]
) -> tuple[tuple[Stretch, ...], int]:
    if not header.sections_at:
        return (), 0
    layout = header.section
    if header.section_size != layout.size:
        raise MalformedError("an ELF section table of unknown layout", file.where)
    count, index = header.section_count, header.names_index
    if not count or index == _EXTENDED:
        first = layout.unpack(file.at(header.sections_at, layout.size))
        count, index = count or first[5], first[6] if index == _EXTENDED else index
    if count > _SECTIONS or index >= count:
        raise MalformedError("an ELF section table without names", file.where)
    table = file.at(header.sections_at, count * layout.size)
    names = _names(file, layout.unpack_from(table, index * layout.size))
    if not any(name.encode() + b"\0" in names for name in wanted):
        return (), 0
    return _chosen(layout.iter_unpack(table), names, wanted)


def _names(file: Window, fields: tuple[int, ...]) -> bytes:
    if fields[1] == _NO_BITS or fields[5] > _NAMES:
        return b""
    return file.at(fields[4], fields[5])


def _chosen(
    table: Iterator[tuple[int, ...]], names: bytes, wanted: tuple[str, ...]
) -> tuple[tuple[Stretch, ...], int]:
    found, end = [], 0
    for name_at, kind, flags, address, offset, size, *_ in table:
        if kind == _NO_BITS:
            continue
        end = max(end, offset + size)
        name = names[name_at : names.find(b"\0", name_at)].decode("latin-1")
        if name in wanted:
            found.append(Stretch(name, address, offset, size, bool(flags & 1)))
    return tuple(found), end
