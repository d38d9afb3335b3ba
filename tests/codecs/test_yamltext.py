from __future__ import annotations

import time
from contextlib import suppress

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.codecs.yamltext import (
    Map,
    Node,
    items,
    mapping,
    maps,
    read_documents,
    read_mapping,
    text,
    texts,
)
from pratique.errors import MalformedError

LEAVES = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LEAVES, inner, max_size=3)
)


def test_scalars_stay_as_written_and_keys_know_their_lines() -> None:
    found = read_mapping(b"\xef\xbb\xbfa: 1.10\n# x\nb:\n  c: yes\n  d: ['1', null]\n", "x")
    assert found == {"a": "1.10", "b": {"c": "yes", "d": ["1", "null"]}}
    inner = mapping(found["b"])
    assert (found.lines, inner.lines) == ({"a": 1, "b": 3}, {"c": 4, "d": 5})


@settings(max_examples=200)
@given(TREES)
def test_what_pyyaml_writes_is_read(tree: object) -> None:
    (found,) = read_documents(yaml.safe_dump(tree, allow_unicode=True).encode(), "x")
    assert found == tree


@given(
    st.binary(max_size=300) | st.text("-: \n{}[]&*!|>'\"#%@ab1?,\t", max_size=80).map(str.encode)
)
def test_any_bytes_are_read_or_malformed(data: bytes) -> None:
    try:
        read_documents(data, "x")
    except MalformedError as error:
        assert error.where == "x"  # noqa: PT017 - either outcome is right


def test_several_documents_are_read() -> None:
    assert read_documents(b"---\na: 1\n---\n- b\n--- c\n", "x") == [{"a": "1"}, ["b"], "c"]


@pytest.mark.parametrize("data", [b"", b"~", b"null", b"---\n", b"# nothing\n"])
def test_an_empty_file_is_an_empty_mapping(data: bytes) -> None:
    assert read_mapping(data, "x") == {}


@pytest.mark.parametrize(
    "data",
    [
        b"a: &x [1]\nb: *x\n",
        b"a: b: c",
        b"- x\n",
        b"text",
        b"[" * 500 + b"]" * 500,
        b"- " * 5000,
        b"{" * 100_000,
        b"a: \x00",
        b"a:\n\t- b",
        b"a: '" + b" " * (17 << 20) + b"'",
    ],
)
def test_what_is_no_plain_mapping_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError, match=r"^x: "):
        read_mapping(data, "x")


def test_a_billion_laughs_end_at_the_first_alias() -> None:
    lines = [b"a0: &a0 [lol]"] + [
        b"a%d: &a%d [%b]" % (n, n, b",".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 20)
    ]
    with pytest.raises(MalformedError, match="line 2: aliases are not read"):
        read_mapping(b"\n".join(lines), "x")


@pytest.mark.parametrize(
    "data", [b"? a\n" * 50_000, b"[a, " * 90, b"a: b\n" * 90_000, b"'a': " * 30_000, b"*" * 200_000]
)
def test_hostile_text_takes_no_time(data: bytes) -> None:
    start = time.process_time()
    with suppress(MalformedError):
        read_documents(data, "x")
    assert time.process_time() - start < 5


def test_helpers_take_what_is_there_and_nothing_else() -> None:
    node = read_mapping(b"a: {b: c}\nd: e\nf: [g, {h: i}]\n", "x")
    assert dict(maps(node)) == {"a": {"b": "c"}}
    assert texts(node) == {"d": "e"}
    assert items(node["f"]) == ["g", {"h": "i"}]
    others: list[Node | None] = [None, "e", ["g"]]
    assert [mapping(one) for one in others] == [{}, {}, {}]
    assert [text(one) for one in (*others, "~", Map())] == ["", "e", "", "", ""]
    assert [items(one) for one in others] == [[], [], ["g"]]
