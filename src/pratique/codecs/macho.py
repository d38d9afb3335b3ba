"""Headers of Mach-O files: the executables of macOS, thin or universal."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from msgspec.structs import replace

from pratique.codecs.program import Program, Stretch
from pratique.codecs.window import Window
from pratique.errors import MalformedError

_THIN = {
    b"\xce\xfa\xed\xfe": ("<", False), b"\xcf\xfa\xed\xfe": ("<", True),
    b"\xfe\xed\xfa\xce": (">", False), b"\xfe\xed\xfa\xcf": (">", True),
}  # fmt: skip
_FAT = {b"\xca\xfe\xba\xbe": Struct(">IIIII"), b"\xca\xfe\xba\xbf": Struct(">IIQQII")}
_FAT_LIMIT = 42
"""A Java class begins like a universal file, its version, 45 and up, being where the count is."""
_SEGMENT, _SEGMENT_64 = 1, 0x19
_COMMANDS = 1 << 20
_WRITABLE = 2


def is_macho(head: bytes) -> bool:
    """Tell by its first bytes whether a file is a Mach-O or a universal file."""
    if head[:4] in _FAT:
        return 0 < int.from_bytes(head[4:8], "big") <= _FAT_LIMIT
    return head[:4] in _THIN


def read_macho(file: Window, head: bytes, wanted: tuple[str, ...]) -> Iterator[Program]:
    """Read the headers of a Mach-O file (<mach-o/loader.h>, <mach-o/fat.h>): one a processor.

    Offsets are those in the whole file.
    """
    layout = _FAT.get(head[:4])
    if layout is None:
        yield _thin(file, wanted, 0)
        return
    count = int.from_bytes(head[4:8], "big")
    for fields in layout.iter_unpack(file.at(8, count * layout.size)):
        offset, size = fields[2:4]
        slice_ = file.part(offset, size)
        if slice_.upto(0, 4) in _THIN:
            yield _thin(slice_, wanted, offset)


def _thin(file: Window, wanted: tuple[str, ...], base: int) -> Program:
    order, wide = _THIN[file.at(0, 4)]
    count, size = Struct(order + "II").unpack(file.at(16, 8))
    if size > _COMMANDS:
        raise MalformedError("Mach-O load commands that are too long", file.where)
    commands = file.at(32 if wide else 28, size)
    reader = _Commands(order, file.where)
    for command in reader.split(commands, count):
        reader.take(command)
    chosen = [replace(s, offset=s.offset + base) for s in reader.sections if s.name in wanted]
    segments = tuple(replace(s, offset=s.offset + base) for s in reader.segments)
    packed = b"UPX!" in file.upto(0, 4096)
    end = max((s.offset + s.size for s in segments), default=0)
    return Program("Mach-O", tuple(chosen), segments, bool(reader.sections), packed, end)


class _Commands:
    """Collects the segments and sections of load commands."""

    def __init__(self, order: str, where: str) -> None:
        self._word = Struct(order + "II")
        self._layouts = {
            _SEGMENT: (Struct(order + "16sIIIIiiII"), Struct(order + "16s16sIIIIIIIII")),
            _SEGMENT_64: (Struct(order + "16sQQQQiiII"), Struct(order + "16s16sQQIIIIIIII")),
        }
        self._where = where
        self.segments: list[Stretch] = []
        self.sections: list[Stretch] = []

    def split(self, commands: bytes, count: int) -> Iterator[bytes]:
        at = 0
        for _ in range(count):
            if at + 8 > len(commands):
                break
            size = self._word.unpack_from(commands, at)[1]
            if size < 8 or at + size > len(commands):
                raise MalformedError("a broken Mach-O load command", self._where)
            yield commands[at : at + size]
            at += size

    def take(self, command: bytes) -> None:
        layouts = self._layouts.get(self._word.unpack_from(command)[0])
        if layouts is None:
            return
        segment, section = layouts
        at = 8 + segment.size
        if len(command) < at:
            raise MalformedError("a broken Mach-O load command", self._where)
        name, address, _, offset, size, _, protection, count, _ = segment.unpack_from(command, 8)
        if size:
            writable = bool(protection & _WRITABLE)
            self.segments.append(Stretch(_text(name), address, offset, size, writable))
        for _ in range(min(count, (len(command) - at) // section.size)):
            fields = section.unpack_from(command, at)
            if fields[4]:  # 0 for what is zero-filled, not stored
                self.sections.append(Stretch(_text(fields[0]), fields[2], fields[4], fields[3]))
            at += section.size


def _text(name: bytes) -> str:
    return name.rstrip(b"\0").decode("latin-1")
