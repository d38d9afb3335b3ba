"""Small executables made by hand, for tests that need no compiler."""

from __future__ import annotations

import struct

BASE = 0x400000
MAGIC = b"\xff Go buildinf:"
START, END = bytes(range(16)), bytes(range(16, 32))


def elf(
    sections: dict[str, bytes],
    *,
    bits: int = 64,
    order: str = "<",
    headers: bool = True,
    lead: bytes = b"",
) -> bytes:
    """An ELF file: each section aligned to 16 bytes, all of it one writable segment at BASE."""
    wide = bits == 64
    head_size, segment_size, section_size = (64, 56, 64) if wide else (52, 32, 40)
    at = _aligned(head_size + segment_size + len(lead))
    body = lead.ljust(at - head_size - segment_size, b"\0")
    places = []
    for content in sections.values():
        places.append(at)
        padded = content.ljust(_aligned(len(content)), b"\0")
        body += padded
        at += len(padded)
    names = b"\0" + b"".join(name.encode() + b"\0" for name in [*sections, ".shstrtab"])
    names_at, table_at = at, at + len(names)
    rows = [(0, 0, 0, 0, 0, 0)]
    for (name, content), place in zip(sections.items(), places, strict=True):
        rows.append(
            (
                names.index(b"\0" + name.encode() + b"\0") + 1,
                1,
                3,
                BASE + place,
                place,
                len(content),
            )
        )
    rows.append((names.index(b".shstrtab"), 3, 0, 0, names_at, len(names)))
    layout = order + ("IIQQQQIIQQ" if wide else "IIIIIIIIII")
    table = b"".join(struct.pack(layout, *row, 0, 0, 0, 0) for row in rows)
    where, count = (table_at, len(rows)) if headers else (0, 0)
    ident = b"\x7fELF" + bytes([2 if wide else 1, 1 if order == "<" else 2, 1]) + bytes(9)
    header = ident + struct.pack(
        order + ("HHIQQQIHHHHHH" if wide else "HHIIIIIHHHHHH"),
        2, 62, 1, BASE, head_size, where, 0, head_size, segment_size, 1, section_size, count, max(count - 1, 0),
    )  # fmt: skip
    if wide:
        segment = struct.pack(order + "IIQQQQQQ", 1, 6, 0, BASE, BASE, at, at, 4096)
    else:
        segment = struct.pack(order + "IIIIIIII", 1, 0, BASE, BASE, at, at, 6, 4096)
    return header + segment + body + (names + table if headers else b"")


def first_section(bits: int = 64) -> int:
    """The address of the first section of `elf` without a lead."""
    return BASE + _aligned(64 + 56 if bits == 64 else 52 + 32)


def pe(sections: dict[str, bytes], *, wide: bool = True) -> bytes:
    """A PE file; every section is initialized and writable."""
    optional = struct.pack("<H22xQ", 0x20B, BASE) if wide else struct.pack("<H26xI", 0x10B, BASE)
    start = 128
    at = start + 24 + len(optional) + 40 * len(sections)
    table, body = b"", b""
    at = _aligned(at)
    for name, content in sections.items():
        stored = _aligned(len(content))
        table += struct.pack(
            "<8sIIIIIIHHI", name.encode(), len(content), at, stored, at, 0, 0, 0, 0, 0xC0000040
        )
        body += content.ljust(stored, b"\0")
        at += stored
    coff = struct.pack("<4sHHIIIHH", b"PE\0\0", 0x8664, len(sections), 0, 0, 0, len(optional), 2)
    head = (
        (b"MZ".ljust(60, b"\0") + struct.pack("<I", start)).ljust(start, b"\0")
        + coff
        + optional
        + table
    )
    return head.ljust(_aligned(len(head)), b"\0") + body


def macho(segments: dict[str, dict[str, bytes]], *, order: str = "<", wide: bool = True) -> bytes:
    """A Mach-O file; every segment is writable."""
    section_size, segment_size, head_size = (80, 72, 32) if wide else (68, 56, 28)
    size = sum(segment_size + section_size * len(sections) for sections in segments.values())
    at = _aligned(head_size + size)
    commands, body = b"", b""
    for name, sections in segments.items():
        begin, rows = at, b""
        for section, content in sections.items():
            layout = order + ("16s16sQQIIIIIIII" if wide else "16s16sIIIIIIIII")
            rest = (0,) * (7 if wide else 6)
            rows += struct.pack(
                layout, section.encode(), name.encode(), BASE + at, len(content), at, *rest
            )
            padded = content.ljust(_aligned(len(content)), b"\0")
            body += padded
            at += len(padded)
        layout = order + ("II16sQQQQiiII" if wide else "II16sIIIIiiII")
        kind, length = (0x19 if wide else 1), segment_size + len(rows)
        commands += struct.pack(
            layout, kind, length, name.encode(), BASE + begin, at - begin, begin, at - begin, 3, 3, len(sections), 0
        ) + rows  # fmt: skip
    magic = 0xFEEDFACF if wide else 0xFEEDFACE
    head = struct.pack(order + "IiiIIII", magic, 7, 3, 2, len(segments), size, 0) + b"\0" * (
        4 if wide else 0
    )
    return (head + commands).ljust(_aligned(head_size + size), b"\0") + body


def fat(*programs: bytes) -> bytes:
    """A universal file."""
    at, table, body = _aligned(8 + 20 * len(programs)), b"", b""
    for number, program in enumerate(programs):
        table += struct.pack(">IIIII", number, 0, at + len(body), len(program), 4)
        body += program.ljust(_aligned(len(program)), b"\0")
    return (b"\xca\xfe\xba\xbe" + struct.pack(">I", len(programs)) + table).ljust(at, b"\0") + body


def go_inline(version: str, modules: str) -> bytes:
    """Go's build information since Go 1.18."""
    framed = START + modules.encode() + END if modules else b""
    return (MAGIC + bytes([8, 2])).ljust(32, b"\0") + _counted(version.encode()) + _counted(framed)


def go_pointers(
    version: str, modules: str, *, address: int, bits: int = 64, order: str = "<"
) -> bytes:
    """Go's build information before Go 1.18, to be put at an address."""
    word, size = ("Q", 8) if bits == 64 else ("I", 4)
    framed = START + modules.encode() + END if modules else b""
    headers = address + 32
    strings = headers + 4 * size
    return (
        (
            MAGIC
            + bytes([size, order == ">"])
            + struct.pack(order + 2 * word, headers, headers + 2 * size)
        ).ljust(32, b"\0")
        + struct.pack(order + 4 * word, strings, len(version), strings + len(version), len(framed))
        + version.encode()
        + framed
    )


def _counted(data: bytes) -> bytes:
    length, out = len(data), b""
    while length >= 0x80:
        out += bytes([length & 0x7F | 0x80])
        length >>= 7
    return out + bytes([length]) + data


def _aligned(size: int) -> int:
    return -(-size // 16) * 16
