from __future__ import annotations

import io

import pytest

from executables import elf, go_inline
from pratique.codecs.executable import read_executable
from pratique.codecs.go_buildinfo import SECTIONS, TABLES, BuildInfo, Module, read_build_info
from pratique.codecs.window import Window
from pratique.errors import MalformedError


def info(data: bytes) -> BuildInfo | None:
    window = Window(io.BytesIO(data), len(data), "x")
    (program,) = read_executable(window, (*SECTIONS, *TABLES))
    return read_build_info(window, program)


def test_settings_are_unquoted() -> None:
    text = 'build\t-ldflags="-X main.a=\\"b\\" \\t\\x41\\u00e9"\nbuild\t`-x`=`a\\b`\nbuild\tCGO_ENABLED=0\n'
    found = info(elf({".go.buildinfo": go_inline("go1.26", text)}))
    assert found is not None
    assert found.settings == {"-ldflags": '-X main.a="b" \tAé', "-x": "a\\b", "CGO_ENABLED": "0"}


def test_a_replacement_takes_the_place_of_the_module_before() -> None:
    text = "mod\ta\t(devel)\t\n=>\tb\tv1\th1:x\ndep\tc\tv2\n=>\t./c\t\n=>\n"
    assert info(elf({".go.buildinfo": go_inline("go1.26", text)})) == BuildInfo(
        "go1.26", Module("b", "v1"), (Module("./c", ""),)
    )


def test_text_without_its_frame_names_no_modules() -> None:
    data = go_inline("go1.26", "").ljust(33 + 6, b"\0")[:-1] + b"\x03abc"
    assert info(elf({".go.buildinfo": data})) == BuildInfo("go1.26")


def test_one_that_lies_across_two_reads_is_found() -> None:
    for lead in range((1 << 20) - 64 - 128, (1 << 20) + 16 - 128, 16):
        assert info(elf({".d": bytes(lead) + go_inline("go1.26", "")}, headers=False)), lead


def test_an_empty_version_and_an_empty_section_are_errors() -> None:
    with pytest.raises(MalformedError, match="without a version"):
        info(elf({".go.buildinfo": go_inline("", "")}))
    with pytest.raises(MalformedError, match="without any"):
        info(elf({".go.buildinfo": b"nothing"}))


def test_sections_that_only_go_has_make_the_rest_be_searched() -> None:
    data = {".data": go_inline("go1.26", "")}
    assert info(elf(data)) is None
    assert info(elf(data | {".gopclntab": b"x"})) == BuildInfo("go1.26")
