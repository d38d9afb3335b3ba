"""Objects at the top of a JSON text, found as text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec import json

from pratique.codecs.json_members import edited, objects

KEYS = st.sampled_from(["a", "b", "{", '"a": {', "\\", "}"])
VALUES = st.recursive(
    st.none() | KEYS | st.integers(), lambda v: st.lists(v, max_size=3) | st.dictionaries(KEYS, v, max_size=3),
)  # fmt: skip


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_the_insides_are_those_that_json_has(document: dict[str, object]) -> None:
    text = json.encode(document).decode()
    inside = [json.decode("{" + text[i:j] + "}") for i, j in objects(text, ("a", "b"))]
    assert inside == [v for k, v in document.items() if k in ("a", "b") and isinstance(v, dict)]


@given(st.text('{}[]":,ab\\ \n'))
def test_any_text_will_do(text: str) -> None:
    assert edited(text, ("a",), str) == text


def test_others_of_the_name_are_left() -> None:
    text = '{"x": {"a": {"n": 1}}, "a" : { "n": 1 }, "y": ["a", {"a": {"n": 1}}]}'
    changed = edited(text, ("a",), lambda inside: inside.replace("1", "2"))
    assert changed == text.replace('"a" : { "n": 1 }', '"a" : { "n": 2 }')
