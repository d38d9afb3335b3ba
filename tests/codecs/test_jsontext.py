from __future__ import annotations

import pytest
from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.jsontext import decode, next_line, object_lines, value_lines
from pratique.errors import MalformedError


class Thing(Struct):
    name: str


THING = Decoder(Thing)


@pytest.mark.parametrize("data", [b'{"name":"a"}', b'\xef\xbb\xbf{"name":"a"}'])
def test_a_byte_order_mark_is_let_through(data: bytes) -> None:
    assert decode(data, THING, "x").name == "a"


def test_invalid_utf8_is_replaced() -> None:
    assert decode(b'{"name":"\xff"}', THING, "x").name == "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    "data", [b"", b'{"name":1}', b'{"other":' + b"[" * 100_000, b'{"name":"\xff"', b"\xff"]
)
def test_what_does_not_fit_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError, match=r"^x: "):
        decode(data, THING, "x")


def test_lines_are_those_of_members_that_are_objects() -> None:
    data = b'{\n "a": {\n  "b": {}, "c": {},\n  "a": {}\n },\n "d": "\\n\\"e\\": {"\n}'
    assert {name: list(found) for name, found in object_lines(data).items()} == {
        "a": [2, 4],
        "b": [3],
    }


def test_lines_are_taken_in_order() -> None:
    lines = value_lines(b'[\n{"x": 1,\n"name": "a"},\n{\n"name" : "a"}]', "name")
    assert [next_line(lines, "a") for _ in range(3)] == [3, 5, 0]
    assert next_line(lines, "b") == 0
