"""Rust crates of programs."""

from __future__ import annotations

import zlib
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executables import elf, fat, macho, pe
from memory import MemoryFile
from pratique.analyzers.rust_binary import rust_binary
from pratique.errors import MalformedError
from pratique.model.inventory import Package

CRATES = {
    "packages": [
        {
            "name": "app",
            "version": "0.3.1",
            "source": "local",
            "root": True,
            "dependencies": [1, 2, 4],
        },
        {"name": "regex", "version": "1.5.0", "source": "crates.io", "dependencies": [3]},
        {"name": "cc", "version": "1.0.0", "source": "crates.io", "kind": "build"},
        {"name": "memchr", "version": "2.8.3", "source": "crates.io"},
        {"name": "smallvec", "version": "1.6.0", "source": {"git": "x"}, "kind": "runtime"},
    ]
}
EXPECTED = [
    ("app", "0.3.1", "root"),
    ("regex", "1.5.0", "direct"),
    ("memchr", "2.8.3", "indirect"),
    ("smallvec", "1.6.0", "direct"),
]
LIST = zlib.compress(msgspec.json.encode(CRATES))


def facts(data: bytes) -> list[tuple[str, str, str]]:
    packages = [
        fact for fact in rust_binary.analyze(MemoryFile("bin/x", data)) if isinstance(fact, Package)
    ]
    assert {(p.path, p.analyzer, p.type) for p in packages} <= {("bin/x", "rustbinary", "cargo")}
    return [(p.name, p.version, p.relation) for p in packages]


def reason(data: bytes) -> str:
    with pytest.raises(MalformedError) as caught:
        facts(data)
    return caught.value.reason


@pytest.mark.parametrize(
    "data",
    [
        elf({".text": b"code", ".dep-v0": LIST}),
        elf({".dep-v0": LIST}, bits=32, order=">"),
        pe({".text": b"code", ".dep-v0": LIST}),
        pe({".dep-v0": LIST}, wide=False),
        macho({"__DATA": {".dep-v0": LIST}}),
        fat(macho({"__DATA": {".dep-v0": LIST}}), macho({"__DATA": {".dep-v0": LIST}})),
    ],
    ids=["elf", "elf-32-big", "pe", "pe-32", "mach-o", "universal"],
)
def test_crates_that_are_linked_in_without_those_of_build_scripts(data: bytes) -> None:
    assert facts(data) == EXPECTED


def test_a_program_without_the_section_gives_nothing() -> None:
    assert facts(elf({".text": b"code"})) == []


def test_headers_that_cannot_be_read_are_left_to_the_analyzer_of_go() -> None:
    assert facts(elf({".dep-v0": LIST})[:-100]) == []


def test_a_list_that_cannot_be_read_is_an_error() -> None:
    assert "corrupt" in reason(elf({".dep-v0": b"no zlib at all"}))
    assert "cut short" in reason(elf({".dep-v0": LIST[:-20]}))
    assert "packages" in reason(elf({".dep-v0": zlib.compress(b"{}")}))


def test_a_bomb_is_an_error() -> None:
    assert (
        reason(elf({".dep-v0": zlib.compress(bytes(20 << 20))})) == "the list of crates is too long"
    )


@settings(max_examples=200, deadline=1000)
@given(
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=8), st.integers(0, 2000)
)
def test_broken_programs_raise_nothing_else(flips: list[tuple[int, int]], end: int) -> None:
    data = bytearray(elf({".dep-v0": LIST}))
    for at, value in flips:
        data[at % len(data)] = value
    with suppress(MalformedError):
        facts(bytes(data[:end]))


@settings(max_examples=100, deadline=1000)
@given(st.binary(max_size=300))
def test_random_lists_raise_nothing_else(content: bytes) -> None:
    for data in (content, zlib.compress(content)):
        with suppress(MalformedError):
            facts(elf({".dep-v0": data}))


def test_what_a_crate_needs_is_said_without_what_only_builds() -> None:
    found = rust_binary.analyze(MemoryFile("bin/x", elf({".dep-v0": LIST})))
    depends = {fact.name: fact.depends for fact in found if isinstance(fact, Package)}
    assert depends["app"] == ("regex@1.5.0", "smallvec@1.6.0")
    assert depends["regex"] == ("memchr@2.8.3",)
