"""Archives with other content for some entries: all else is byte by byte as it was."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from java_classes import jar
from pratique.codecs.window import Window
from pratique.codecs.zip_rewrite import Put, comment_of, rewritten
from pratique.errors import MalformedError

SCRIPT = b"#!/bin/sh\nexec java -jar $0\n"
NAMES = st.lists(st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8})?", fullmatch=True), min_size=1,
                 max_size=6, unique=True)  # fmt: skip


def window(data: bytes) -> Window:
    return Window(io.BytesIO(data), len(data), "app.jar")


def changed(data: bytes, puts: dict[str, Put], *added: tuple[str, Put]) -> bytes:
    return b"".join(rewritten(window(data), puts, added))


def contents(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@given(NAMES, st.data())
def test_only_what_is_put_changes(names: list[str], drawn: st.DataObject) -> None:
    stored = [name for name in names if drawn.draw(st.booleans())]
    files = {name: drawn.draw(st.binary(max_size=64)) for name in names}
    old = drawn.draw(st.sampled_from(names))
    data = drawn.draw(st.sampled_from([b"", SCRIPT])) + jar(files, stored=stored)
    assert changed(data, {}) == data
    new = drawn.draw(st.binary(max_size=200))
    made = changed(data, {old: Put("new-name", new)}, (old, Put("more", b"1")))
    expected = {("new-name" if name == old else name): files[name] for name in names}
    assert list(contents(made)) == [*expected, "more"]
    assert contents(made) == expected | {"new-name": new, "more": b"1"}
    methods = {i.filename: i.compress_type for i in zipfile.ZipFile(io.BytesIO(made)).infolist()}
    kind = zipfile.ZIP_STORED if old in stored else zipfile.ZIP_DEFLATED
    assert (methods["new-name"], methods["more"]) == (kind, kind)
    before = {i.filename: i for i in zipfile.ZipFile(io.BytesIO(data)).infolist()}
    for one in zipfile.ZipFile(io.BytesIO(made)).infolist():
        if one.filename in before and one.filename != old:
            assert one.date_time == before[one.filename].date_time


def test_what_is_before_and_the_comments_stay() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        info = zipfile.ZipInfo("a.jar")
        info.comment = b"UNPACK:abc"
        archive.writestr(info, b"old")
        archive.comment = b"all of it"
    data = SCRIPT + made.getvalue()
    assert comment_of(window(data), "a.jar") == b"UNPACK:abc"
    new = changed(data, {"a.jar": Put("b.jar", b"new", b"UNPACK:def")})
    assert new.startswith(SCRIPT)
    assert zipfile.ZipFile(io.BytesIO(new)).comment == b"all of it"
    assert comment_of(window(new), "b.jar") == b"UNPACK:def"
    assert contents(new) == {"b.jar": b"new"}


def test_what_cannot_be_changed() -> None:
    data = jar({"a": b"1"})
    with pytest.raises(MalformedError, match="has no entry b"):
        changed(data, {"b": Put("b", b"")})
    for broken in (b"", b"text", data[:30], data[:-30], data[30:]):
        with pytest.raises(MalformedError, match=r"app\.jar"):
            changed(broken, {})


@given(st.integers(0, 200), st.integers(0, 255))
def test_a_wrong_byte_is_no_traceback(at: int, byte: int) -> None:
    data = jar({"a": b"1" * 20, "b": b"2"})
    at %= len(data)
    broken = data[:at] + bytes([byte]) + data[at + 1 :]
    try:
        changed(broken, {"a": Put("a", b"x")}, ("b", Put("c", b"y")))
    except MalformedError as error:
        assert "app.jar" in error.message  # noqa: PT017 - it may be read as well
