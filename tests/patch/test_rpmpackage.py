"""Headers and payloads of RPM packages: whole, damaged, hostile."""

from __future__ import annotations

import contextlib
import io
import struct
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import LimitExceeded, MalformedError
from pratique.patch import rpmcapabilities, rpmrelations
from pratique.patch.rpmheader import IMMUTABLE, MAGIC, RpmHeader, with_tags
from pratique.patch.rpmpackage import RpmPackage, files_of

Value = str | list[str] | list[int] | bytes
_KINDS: Mapping[int, tuple[int, str, int]] = {1030: (3, "H", 2), 1116: (4, "I", 4)}


def header(tags: Mapping[int, Value], *, region: bool = True) -> bytes:
    """Return a header as rpmbuild writes it."""
    index, data = b"", bytearray()
    for tag, value in sorted(tags.items()):
        kind, width, count = 4, 1, len(value)
        if isinstance(value, str):
            kind, content, count = 6, value.encode() + b"\0", 1
        elif isinstance(value, bytes):
            kind, content = 7, value
        elif value and isinstance(value[0], str):
            kind, content = 8, b"".join(str(v).encode() + b"\0" for v in value)
        else:
            kind, code, width = _KINDS.get(tag, (4, "I", 4))
            content = struct.pack(f">{count}{code}", *value)
        data += bytes(-len(data) % width)
        index += struct.pack(">IIiI", tag, kind, len(data), count)
        data += content
    number = len(tags)
    if region:
        number += 1
        index = struct.pack(">IIiI", IMMUTABLE, 7, len(data), 16) + index
        data += struct.pack(">IIiI", IMMUTABLE, 7, -16 * number, 16)
    return struct.pack(">II", number, len(data)) + index + bytes(data)


def cpio(members: Mapping[str, bytes]) -> bytes:
    made = b""
    for name, data in {**members, "TRAILER!!!": b""}.items():
        fields = [1, 0o100644, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
        made += b"070701" + b"".join(b"%08x" % field for field in fields)
        made += name.encode() + b"\0"
        made += bytes(-len(made) % 4) + data
        made += bytes(-len(made) % 4)
    return made


def package(paths: Mapping[str, bytes], payload: bytes) -> RpmPackage:
    tags: dict[int, Value] = {1000: "x"}
    if paths:
        folders = [path.rpartition("/")[0] + "/" for path in paths]
        tags |= {
            1028: [len(data) for data in paths.values()], 1030: [0o100644] * len(paths),
            1116: list(range(len(paths))), 1117: [path.rpartition("/")[2] for path in paths],
            1118: folders,
        }  # fmt: skip
    signature = header({1000: [1]}, region=False)
    data = b"\xed\xab\xee\xdb".ljust(96, b"\0") + MAGIC + signature
    data += bytes(-len(signature) % 8) + MAGIC + header(tags) + payload
    return RpmPackage(io.BytesIO(data), "x.rpm")


def contents(rpm: RpmPackage) -> dict[str, bytes]:
    return {file.path: stream.read(size) for file, stream, size in rpm.members()}


TEXT = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=9)
VALUES = st.one_of(
    TEXT, st.binary(min_size=1, max_size=9), st.lists(TEXT, min_size=1, max_size=4),
    st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=4),
)  # fmt: skip


@given(st.dictionaries(st.integers(1200, 1900), VALUES, min_size=1, max_size=9))
def test_a_header_is_read_as_it_was_written(tags: dict[int, Value]) -> None:
    data = header(tags)
    read = RpmHeader(data + b"more", "x")
    assert read.blob == data
    for tag, value in tags.items():
        if isinstance(value, str):
            assert read.text(tag) == value
        elif isinstance(value, bytes):
            assert read.binary(tag) == value
        elif isinstance(value[0], str):
            assert read.texts(tag) == value
        else:
            assert list(read.numbers(tag)) == value


@given(st.dictionaries(st.integers(1200, 1900), VALUES, min_size=1, max_size=9))
def test_what_is_put_behind_a_header_leaves_it_as_it_was(tags: dict[int, Value]) -> None:
    before = RpmHeader(header(tags), "x")
    assert with_tags(before, {}) == before.blob
    after = RpmHeader(with_tags(before, {2000: (4, 1, b"\0\0\0\7"), 2001: (6, 1, b"a\0")}), "x")
    assert after.entries[: len(before.entries)] == before.entries
    assert after.data.startswith(before.data)
    assert (after.numbers(2000), after.text(2001)) == ((7,), "a")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_header_or_one_error(data: bytes) -> None:
    with contextlib.suppress(MalformedError):
        files_of(RpmHeader(data, "x"))


@given(st.binary(max_size=300))
def test_any_payload_is_read_or_one_error(data: bytes) -> None:
    with contextlib.suppress(MalformedError, LimitExceeded):
        contents(package({"/a/b": b"x"}, data))


def test_a_payload() -> None:
    files = {"/a/b": b"one", "/a/c": b""}
    members = {f".{path}": data for path, data in files.items()}
    assert contents(package(files, cpio(members))) == {"a/b": b"one", "a/c": b""}


def test_a_payload_of_large_files() -> None:
    stripped = b"07070X00000000\0\0one\0" + cpio({})
    assert contents(package({"/a/b": b"one"}, stripped)) == {"a/b": b"one"}


@pytest.mark.parametrize("path", ["/../evil", "/a/../../evil", "relative/x", "/a/.wh.b", "/a\n/b"])
def test_paths_of_a_header_stay_inside(path: str) -> None:
    with pytest.raises(MalformedError, match=r"leads out|whiteout"):
        package({path: b""}, b"")


@pytest.mark.parametrize("name", ["../a/b", "./../a/b", "/etc/passwd", "./other"])
def test_members_are_those_of_the_header(name: str) -> None:
    with pytest.raises(MalformedError, match=r"leads out|not among"):
        contents(package({"/a/b": b"one"}, cpio({name: b"one"})))


def test_a_member_is_not_larger_than_stated() -> None:
    with pytest.raises(LimitExceeded, match="larger than its header says"):
        contents(package({"/a/b": b"one"}, cpio({"./a/b": b"one more"})))


def test_a_payload_that_is_cut() -> None:
    with pytest.raises(MalformedError):
        contents(package({"/a/b": b"one"}, cpio({"./a/b": b"one"})[:120]))


@pytest.mark.parametrize("counts", [(2**31, 8), (70000, 8), (2, 2**31), (0, 0)])
def test_absurd_counts(counts: tuple[int, int]) -> None:
    with pytest.raises(MalformedError):
        RpmHeader(struct.pack(">II", *counts) + bytes(64), "x")


def test_a_tag_that_leads_outside() -> None:
    data = struct.pack(">IIIIiI", 1, 8, 1000, 4, 0, 2**31) + bytes(8)
    with pytest.raises(MalformedError, match="leads outside"):
        RpmHeader(data, "x")


def test_capabilities() -> None:
    """What `setcap` writes, by the layout of capability.h."""
    net_raw = struct.pack("<5I", 0x02000001, 1 << 13, 0, 0, 0)
    assert rpmcapabilities.attribute("cap_net_raw=ep", "x") == net_raw
    assert rpmcapabilities.attribute("cap_net_raw+ep", "x") == net_raw
    assert rpmcapabilities.attribute("=", "x") == b""
    with pytest.raises(MalformedError):
        rpmcapabilities.attribute("cap_fly=ep", "x")


RICH: Mapping[str, list[str]] = {
    "(a or b >= 1)": ["a | b (>= 1)"],
    "(a and (b or c))": ["a", "b | c"],
    "(a if there)": ["a"],
    "(a if absent)": [],
    "(a if absent else b)": ["b"],
    "(a unless there)": [],
    "(lib(x)(64bit) >= 1 with lib(x)(64bit) < 2)": ["lib(x)(64bit) (>= 1)", "lib(x)(64bit) (<< 2)"],
}


@pytest.mark.parametrize("text", RICH)
def test_rich_dependencies(text: str) -> None:
    tree = rpmrelations.parsed(text)
    found = rpmrelations.clauses(tree, lambda one: one.name == "there")
    assert [" | ".join(map(str, clause)) for clause in found] == RICH[text]


@given(st.text("() abif<=>or", max_size=30))
def test_any_text_is_a_rich_dependency_or_one_error(text: str) -> None:
    with contextlib.suppress(MalformedError):
        rpmrelations.parsed(text)
