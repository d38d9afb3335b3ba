"""Go modules of programs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executables import elf, fat, first_section, go_inline, go_pointers, macho, pe
from memory import MemoryFile
from pratique.analyzers.go_binary import go_binary
from pratique.errors import MalformedError
from pratique.model.inventory import Package

MODULES = (
    "path\texample.com/app/cmd/app\n"
    "mod\texample.com/app\tv1.2.3\th1:abc=\n"
    "dep\tgolang.org/x/text\tv0.3.5\th1:def=\n"
    "dep\tgithub.com/a/b\tv1.0.0\n"
    "=>\tgithub.com/fork/b\tv1.0.1\th1:ghi=\n"
    "build\t-compiler=gc\n"
)
EXPECTED = [
    ("example.com/app", "v1.2.3", "root"),
    ("stdlib", "v1.26.1", "direct"),
    ("golang.org/x/text", "v0.3.5", ""),
    ("github.com/fork/b", "v1.0.1", ""),
]


def facts(data: bytes) -> list[tuple[str, str, str]]:
    packages = [
        fact for fact in go_binary.analyze(MemoryFile("app/x", data)) if isinstance(fact, Package)
    ]
    assert {(p.path, p.analyzer, p.type) for p in packages} <= {("app/x", "gobinary", "golang")}
    return [(p.name, p.version, p.relation) for p in packages]


def facts_and_error(data: bytes) -> tuple[list[str], str]:
    names, reason = [], ""
    try:
        for fact in go_binary.analyze(MemoryFile("app/x", data)):
            assert isinstance(fact, Package)
            names.append(fact.name)
    except MalformedError as error:
        reason = error.reason
    return names, reason


def version_of_main(version: str, flags: str) -> str:
    text = f"mod\texample.com/app\t{version}\t\nbuild\t-ldflags={flags}\n"
    return facts(elf({".go.buildinfo": go_inline("go1.26.1", text)}))[0][1]


def test_modules_of_an_elf_file_with_replacements() -> None:
    assert (
        facts(elf({".text": b"code", ".go.buildinfo": go_inline("go1.26.1", MODULES)})) == EXPECTED
    )


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("order", ["<", ">"])
def test_modules_by_pointers_as_before_go_1_18(bits: int, order: str) -> None:
    info = go_pointers("go1.17.2", MODULES, address=first_section(bits), bits=bits, order=order)
    data = elf({".go.buildinfo": info}, bits=bits, order=order)
    assert facts(data)[1:3] == [
        ("stdlib", "v1.17.2", "direct"),
        ("golang.org/x/text", "v0.3.5", ""),
    ]
    assert len(facts(data)) == 4


def test_a_program_without_section_headers_is_searched() -> None:
    assert (
        facts(
            elf(
                {".data": b"x" * 100, ".go.buildinfo": go_inline("go1.26.1", MODULES)},
                headers=False,
            )
        )
        == EXPECTED
    )


def test_magic_bytes_that_are_not_aligned_or_mean_nothing_are_passed_over() -> None:
    decoy = b"12345678\xff Go buildinf:\x08\x02".ljust(48) + b"\xff Go buildinf:\x63\x63".ljust(32)
    assert facts(elf({".data": decoy + go_inline("go1.26.1", MODULES)}, headers=False)) == EXPECTED


def test_a_program_of_windows() -> None:
    assert (
        facts(pe({".text": b"code", ".data": b"x" * 64 + go_inline("go1.26.1", MODULES)}))
        == EXPECTED
    )


@pytest.mark.parametrize(("order", "wide"), [("<", True), (">", True), ("<", False)])
def test_a_program_of_macos(order: str, *, wide: bool) -> None:
    segments = {
        "__TEXT": {"__text": b"code"},
        "__DATA": {"__go_buildinfo": go_inline("go1.26.1", MODULES)},
    }
    assert facts(macho(segments, order=order, wide=wide)) == EXPECTED


def test_a_universal_program_lists_what_its_halves_share_once() -> None:
    one = macho({"__DATA": {"__go_buildinfo": go_inline("go1.26.1", MODULES)}})
    two = macho(
        {"__DATA": {"__go_buildinfo": go_inline("go1.26.1", MODULES + "dep\tx.org/y\tv2.0.0\n")}}
    )
    assert facts(fat(one, two)) == [*EXPECTED, ("x.org/y", "v2.0.0", "")]


def test_a_java_class_is_no_universal_program() -> None:
    assert facts(b"\xca\xfe\xba\xbe\0\0\0\x34" + b"\0" * 5000) == []


@pytest.mark.parametrize(
    ("go", "expected"),
    [
        ("go1.26.1", "v1.26.1"), ("go1.21rc2", "v1.21rc2"), ("go1.26.8-X:nodwarf5", "v1.26.8"),
        ("go1.20.5 X:boringcrypto", "v1.20.5"), ("go1.19.4 (Red Hat 1.19.4-1.el9)", "v1.19.4"),
    ],
)  # fmt: skip
def test_the_standard_library_has_the_version_of_go(go: str, expected: str) -> None:
    assert facts(elf({".go.buildinfo": go_inline(go, "")})) == [("stdlib", expected, "direct")]


@pytest.mark.parametrize(
    ("version", "flags", "expected"),
    [
        ("(devel)", "", ""),
        ("(devel)", '"-X main.version=1.2.3 -s -w"', "1.2.3"),
        ("(devel)", "\"-X 'main.version=v1.2.3-rc1' -X main.commit=abc\"", "v1.2.3-rc1"),
        ("(devel)", "-X=main.Ver=2.0", "2.0"),
        ("(devel)", '"-X example.com/app/cmd/x.version=3.0.0 -X main.version=1.2.3"', "3.0.0"),
        ("(devel)", '"-X common.version=2.0.0 -X main.version=2.0.1"', "2.0.1"),
        ("(devel)", '"-X other.Version=2.0.0 -X third.version=4.0.0"', ""),
        ("(devel)", '"-X main.version=dev"', ""),
        ("v0.0.0-20261124040227-3aba843e498a+dirty", '"-X main.version=1.2.3"', "1.2.3"),
        ("v0.0.0-20261124040227-3aba843e498a", "", "v0.0.0-20261124040227-3aba843e498a"),
        ("v1.4.0+dirty", '"-X main.version=1.2.3"', "v1.4.0+dirty"),
    ],
)
def test_the_version_of_the_main_module(version: str, flags: str, expected: str) -> None:
    assert version_of_main(version, flags) == expected


def test_a_folder_that_replaces_a_module_has_no_version() -> None:
    text = "dep\tx.org/y\tv1.0.0\n=>\t./local\t(devel)\t\n"
    assert facts(elf({".go.buildinfo": go_inline("go1.26.1", text)}))[1:] == [("./local", "", "")]


def test_a_program_that_is_not_go_gives_nothing() -> None:
    assert facts(elf({".text": b"code", ".data": b"\xff Go buildinf:"})) == []
    assert facts(elf({".text": b"code"}, headers=False)) == []
    assert facts(pe({".text": b"code"})) == []
    assert facts(b"MZ".ljust(5000, b"\1")) == []
    assert facts(b"#!/bin/sh\n") == []


def test_a_program_packed_with_upx_is_an_error() -> None:
    packed = elf({".data": b"x" * 64}, headers=False, lead=b"\0\0\0\0UPX!\x0d\x0c\x0e\x0a")
    assert facts_and_error(packed) == ([], "packed with UPX: what it is made of cannot be read")
    assert facts_and_error(pe({"UPX0": b"", "UPX1": b"x" * 64}))[1].startswith("packed with UPX")


def test_a_go_program_without_build_information_is_an_error() -> None:
    data = elf({".gopclntab": b"\xfb\xff\xff\xff"})
    assert facts_and_error(data) == ([], "a Go program without build information")


def test_a_program_cut_short_is_an_error_after_what_could_be_read() -> None:
    whole = pe({".data": go_inline("go1.26.1", MODULES), ".symtab": b"y" * 5000})
    names, reason = facts_and_error(whole[:-4000])
    assert (len(names), reason) == (4, "the program is cut short")


def test_an_elf_file_cut_short_is_an_error() -> None:
    whole = elf({".go.buildinfo": go_inline("go1.26.1", MODULES), ".text": b"y" * 5000})
    assert facts_and_error(whole[:5000])[1].startswith("cut short")
    bare = elf({".go.buildinfo": go_inline("go1.26.1", MODULES)}, headers=False)
    assert facts_and_error(bare[:-150])[1].startswith("cut short")


def test_pointers_to_nowhere_and_lengths_beyond_reason_are_errors() -> None:
    astray = go_pointers("go1.17", MODULES, address=0xDEAD0000)
    assert (
        facts_and_error(elf({".go.buildinfo": astray}))[1]
        == "Go build information that points nowhere"
    )
    endless = (b"\xff Go buildinf:\x08\x02").ljust(32, b"\0") + b"\xff\xff\xff\xff\x7f"
    assert "bytes" in facts_and_error(elf({".go.buildinfo": endless}))[1]


WHOLE = (
    elf({".text": b"code", ".go.buildinfo": go_inline("go1.26.1", MODULES)}),
    elf({".go.buildinfo": go_pointers("go1.17", MODULES, address=first_section())}),
    elf({".go.buildinfo": go_inline("go1.26.1", MODULES)}, headers=False),
    pe({".data": go_inline("go1.26.1", MODULES)}),
    fat(macho({"__DATA": {"__go_buildinfo": go_inline("go1.26.1", MODULES)}})),
)


@settings(max_examples=300, deadline=1000)
@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=8),
    st.integers(0, 3000),
)
def test_broken_programs_raise_nothing_else(
    whole: bytes, flips: list[tuple[int, int]], end: int
) -> None:
    data = bytearray(whole)
    for at, value in flips:
        data[at % len(data)] = value
    facts_and_error(bytes(data[:end]))


@settings(max_examples=200, deadline=1000)
@given(
    st.sampled_from(
        [b"\x7fELF\2\1", b"\x7fELF\1\2", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe\0\0\0\2"]
    ),
    st.binary(max_size=600),
)
def test_random_bytes_raise_nothing_else(magic: bytes, data: bytes) -> None:
    facts_and_error(magic + data)


def test_the_go_command_says_its_own_version() -> None:
    go = shutil.which("go")
    if go is None:
        pytest.skip("no Go compiler here")
    said = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=True)
    version = said.stdout.strip().removeprefix("go").partition("-")[0]
    assert ("stdlib", f"v{version}", "direct") in facts(Path(go).resolve().read_bytes())


def built(text: str, go: str = "go1.26.1") -> list[Package]:
    program = elf({".go.buildinfo": go_inline(go, text)})
    found = go_binary.analyze(MemoryFile("app/x", program))
    return [package for package in found if isinstance(package, Package)]


def test_the_go_command_is_the_toolchain() -> None:
    assert [(p.name, p.version) for p in built("path\tcmd/go\nbuild\t-compiler=gc\n")] == [
        ("toolchain", "v1.26.1"),
        ("stdlib", "v1.26.1"),
    ]
    assert [p.name for p in built("path\tcmd/gofmt\n")] == ["stdlib"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("github.com/docker/cli/cmd/docker", "github.com/docker/cli"),
        ("github.com/caddyserver/caddy/v2/cmd/caddy", "github.com/caddyserver/caddy/v2"),
        ("go.etcd.io/etcd", "go.etcd.io/etcd"),
    ],
)
def test_a_known_program_built_without_modules_is_named_by_its_path(path: str, name: str) -> None:
    flags = '-ldflags=" -X \\"github.com/docker/cli/cli/version.Version=28.2.2\\""'
    root, _ = built(f"path\t{path}\nbuild\t{flags}\n")
    assert (root.name, root.version, root.relation) == (name, "28.2.2", "root")
    assert root.cpe.endswith(":28.2.2:*:*:*:*:*:*:*")


def test_an_unknown_path_names_no_module_and_an_unknown_version_no_cpe() -> None:
    assert [p.name for p in built("path\tgithub.com/docker/client/x\n")] == ["stdlib"]
    root, _ = built("mod\tgithub.com/hashicorp/vault\t(devel)\t\n")
    assert (root.version, root.cpe) == ("", "")
