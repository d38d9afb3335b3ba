from __future__ import annotations

import io
import struct

import pytest

from executables import BASE, elf, fat, first_section, macho, pe
from pratique.codecs.executable import read_executable
from pratique.codecs.program import Program
from pratique.codecs.window import Window
from pratique.errors import MalformedError


def read(data: bytes, *wanted: str) -> tuple[Program, ...]:
    return read_executable(Window(io.BytesIO(data), len(data), "x"), wanted)


def content(data: bytes, name: str) -> bytes:
    (program,) = read(data, name)
    section = program.section(name)
    assert section is not None
    return data[section.offset : section.offset + section.size]


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("order", ["<", ">"])
def test_sections_and_segments_of_elf(bits: int, order: str) -> None:
    data = elf({".a": b"12345", ".b": b"67"}, bits=bits, order=order)
    assert content(data, ".b") == b"67"
    (program,) = read(data, ".a")
    assert [(s.name, s.address) for s in program.sections] == [(".a", first_section(bits))]
    (segment,) = program.segments
    assert (segment.address, segment.offset, segment.writable) == (BASE, 0, True)
    assert (program.format, program.sectioned, program.packed) == ("ELF", True, False)
    assert program.end <= len(data)


def test_an_elf_file_without_a_wanted_section_has_none() -> None:
    (program,) = read(elf({".a": b"12345"}), ".b")
    assert (program.sections, program.section(".a", ".b"), program.end) == ((), None, 0)


def test_an_elf_section_that_is_not_stored_is_left_out() -> None:
    data = bytearray(elf({".a": b"12345"}))
    table = struct.unpack_from("<Q", data, 40)[0]
    struct.pack_into("<I", data, table + 64 + 4, 8)  # NOBITS
    assert read(bytes(data), ".a")[0].sections == ()


def test_elf_files_with_more_sections_than_the_header_can_count() -> None:
    data = bytearray(elf({".a": b"12345"}))
    table = struct.unpack_from("<Q", data, 40)[0]
    struct.pack_into("<QI", data, table + 32, 3, 2)  # count and index of the names, in section 0
    struct.pack_into("<HH", data, 60, 0, 0xFFFF)
    assert content(bytes(data), ".a") == b"12345"


@pytest.mark.parametrize(
    ("at", "layout", "value", "reason"),
    [
        (4, "B", 7, "class or byte order"), (58, "H", 13, "unknown layout"),
        (40, "Q", 1 << 63, "cut short"), (62, "H", 99, "without names"),
    ],
)  # fmt: skip
def test_broken_elf_headers_are_errors(at: int, layout: str, value: int, reason: str) -> None:
    data = bytearray(elf({".a": b"12345"}))
    struct.pack_into("<" + layout, data, at, value)
    with pytest.raises(MalformedError, match=reason):
        read(bytes(data), ".a")


def test_an_elf_header_cut_short_is_an_error() -> None:
    with pytest.raises(MalformedError):
        read(elf({".a": b"1"})[:40], ".a")
    with pytest.raises(MalformedError):
        read(b"\x7fELF", ".a")


@pytest.mark.parametrize("wide", [True, False])
def test_sections_of_pe(*, wide: bool) -> None:
    data = pe({".text": b"code", ".b": b"67"}, wide=wide)
    assert content(data, ".b") == b"67"
    (program,) = read(data, ".b")
    assert [s.name for s in program.segments] == [".text", ".b"]
    assert all(s.address == BASE + s.offset for s in program.segments)


def test_a_program_of_dos_is_none() -> None:
    assert read(b"MZ" + bytes(200)) == read(b"MZ") == ()


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("order", ["<", ">"])
def test_sections_of_macho(order: str, *, wide: bool) -> None:
    data = macho({"__TEXT": {"__text": b"code"}, "__DATA": {"__b": b"67"}}, order=order, wide=wide)
    assert content(data, "__b") == b"67"
    assert [s.name for s in read(data)[0].segments] == ["__TEXT", "__DATA"]


def test_each_program_of_a_universal_file_has_offsets_in_the_whole() -> None:
    data = fat(macho({"__DATA": {"__b": b"67"}}), macho({"__DATA": {"__b": b"89"}}, order=">"))
    sections = [program.section("__b") for program in read(data, "__b")]
    assert [data[s.offset : s.offset + s.size] for s in sections if s] == [b"67", b"89"]


def test_load_commands_that_lie_about_their_size_are_errors() -> None:
    data = bytearray(macho({"__DATA": {"__b": b"67"}}))
    struct.pack_into("<I", data, 36, 4)
    with pytest.raises(MalformedError, match="load command"):
        read(bytes(data))
    struct.pack_into("<I", data, 20, 1 << 30)
    with pytest.raises(MalformedError, match="too long"):
        read(bytes(data))


def test_anything_else_is_no_program() -> None:
    assert read(b"") == read(b"#!/bin/sh") == read(b"\xca\xfe\xba\xbe\0\0\0\x41" + bytes(64)) == ()
