from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.markup import elements
from pratique.errors import MalformedError


def read(text: str) -> list[tuple[str, str, int]]:
    return [(one.path, one.text, one.line) for one in elements(text.encode(), "x")]


def test_elements_come_when_they_end_with_the_line_where_they_begin() -> None:
    assert read("<a>\n <n:b x='1'> t&amp;u </n:b>\n</a>") == [("a/b", "t&u", 2), ("a", "", 1)]


def test_text_of_children_is_not_the_parents() -> None:
    assert read("<a>x<b>y</b>z</a>") == [("a/b", "y", 1), ("a", "xz", 1)]


def test_a_document_larger_than_one_chunk_is_read() -> None:
    assert len(read("<a>" + "<b>text</b>" * 20_000 + "</a>")) == 20_001


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<a>",
        "<!DOCTYPE a><a/>",
        '<!DOCTYPE a [<!ENTITY b "cccc">]><a>&b;</a>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        "<a>&b;</a>",
        "<a>" * 101,
        f"<{'a' * 257}/>",
        '<?xml version="1.0" encoding="zlib"?><a/>',
        '<?xml version="1.0" encoding="shift_jis"?><a/>',
    ],
)
def test_what_is_dangerous_or_broken_is_malformed(text: str) -> None:
    with pytest.raises(MalformedError):
        read(text)


def test_a_bomb_of_entities_does_not_expand() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    with pytest.raises(MalformedError, match="document type"):
        read(f'<!DOCTYPE a [<!ENTITY a0 "x">{entities}]><a>&a9;</a>')


@given(st.binary() | st.text("<>/ab &;!?[]'\"=\n").map(str.encode))
def test_random_bytes_are_read_or_malformed(data: bytes) -> None:
    with suppress(MalformedError):
        list(elements(data, "x"))
