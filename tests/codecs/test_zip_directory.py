from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives import jar
from pratique.codecs.window import Window
from pratique.codecs.zip_directory import content, read_directory
from pratique.errors import MalformedError

LIMIT = 1 << 20


def window(data: bytes) -> Window:
    return Window(io.BytesIO(data), len(data), "x")


def unzip(data: bytes, *endings: bytes) -> dict[str, bytes]:
    file = window(data)
    entries = read_directory(file, LIMIT).entries(endings or (b"",))
    return {entry.name: b"".join(content(file, entry)) for entry in entries}


@given(
    st.dictionaries(st.text("abc/.é", min_size=1, max_size=8), st.binary(max_size=300), max_size=6),
    st.booleans(),
)
def test_what_was_zipped_is_read(entries: dict[str, bytes], stored: bool) -> None:
    assert unzip(jar(entries, stored=stored)) == entries


def test_content_longer_than_one_read() -> None:
    text = b"".join(b"%d," % n for n in range(200_000))
    for stored in (True, False):
        assert unzip(jar({"a": text}, stored=stored)) == {"a": text}


def test_only_entries_with_the_endings_asked_for() -> None:
    assert set(unzip(jar({"a.jar": b"", "b.war": b"", "c.txt": b""}), b".jar", b".war")) == {
        "a.jar",
        "b.war",
    }


def test_bytes_before_and_a_comment_after_the_archive() -> None:
    assert unzip(b"#!/bin/sh\n" + jar({"a": b"1"}, comment=b"the end")) == {"a": b"1"}


def test_an_archive_written_to_a_pipe() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"12345")
    assert unzip(out.getvalue()) == {"a": b"12345"}


def zip64(lead: bytes = b"") -> bytes:
    body = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 45, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a12345"
    extra = struct.pack("<HHQQQ", 1, 24, 5, 5, 0)
    row = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 45, 45, 0, 0, 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, 1, len(extra), 0, 0, 0, 0,
        0xFFFFFFFF,
    ) + b"a" + extra  # fmt: skip
    end = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(row), len(body))
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, len(body + row), 1)
    last = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return lead + body + row + end + locator + last


def test_zip64() -> None:
    assert unzip(zip64()) == unzip(zip64(b"lead")) == {"a": b"12345"}


def test_zip64_without_its_directory_is_an_error() -> None:
    with pytest.raises(MalformedError, match="zip64"):
        unzip(zip64().replace(b"PK\6\6", b"PK\0\0"))


def test_what_is_cut_short_is_an_error() -> None:
    whole = jar({"a": b"12345" * 100, "b": b"2"})
    for data in (b"", whole[:-30], whole[len(whole) // 2 :]):
        with pytest.raises(MalformedError):
            unzip(data)


def test_a_directory_beyond_the_limit_is_an_error() -> None:
    with pytest.raises(MalformedError, match="a zip directory of"):
        read_directory(window(jar({"a" * 300: b""})), 100)


def test_sizes_that_the_directory_gets_wrong_are_errors() -> None:
    for stored in (True, False):
        whole = bytearray(jar({"a": b"12345" * 100}, stored=stored))
        struct.pack_into("<I", whole, whole.rfind(b"PK\1\2") + 24, 50)
        with pytest.raises(MalformedError, match="not as long"):
            unzip(bytes(whole))


def test_corrupt_content_is_an_error() -> None:
    whole = bytearray(jar({"a": bytes(range(256)) * 4}))
    whole[31:40] = b"\xff" * 9
    with pytest.raises(MalformedError):
        unzip(bytes(whole))


def test_an_entry_without_a_header_is_an_error() -> None:
    whole = jar({"a": b"1"}).replace(b"PK\3\4", b"PK\0\0")
    with pytest.raises(MalformedError, match="no header"):
        unzip(whole)
