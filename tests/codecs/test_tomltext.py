from __future__ import annotations

import pytest
from msgspec import Struct

from pratique.codecs.tomltext import decode, table_lines
from pratique.errors import MalformedError


class Thing(Struct):
    name: str


def test_a_document_becomes_a_record() -> None:
    assert decode('name = "a"\r\nother = 1\r\n', Thing, "x").name == "a"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name = 1",
        "name",
        "a = " + "[" * 100_000,
        "a = " + "9" * 100_000,
        ".".join(["a"] * 100_000) + " = 1",
        'name = "' + "a" * (9 << 20) + '"',
    ],
)
def test_what_does_not_fit_is_malformed(text: str) -> None:
    with pytest.raises(MalformedError, match=r"^x: "):
        decode(text, Thing, "x")


def test_the_lines_are_those_of_the_headers() -> None:
    text = '[[a]]\nx = 1\n\n[[a]]  \r\n[[ab]]\n[a]\ny = "[[a]]"\n'
    assert table_lines(text, "a", 3) == [1, 4, 6]
    assert table_lines(text, "a", 2) == [0, 0]
