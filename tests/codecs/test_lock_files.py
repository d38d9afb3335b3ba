"""What the analyzers of lock files share: digests, names, graphs, requirements, commented JSON."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.digests import digests
from pratique.codecs.jsonc import plain
from pratique.codecs.lock_graph import by_name, merged, named, reachable, relation
from pratique.codecs.npm_names import aliased, split
from pratique.codecs.requirement import normalized, required_name
from pratique.model.inventory import Package

JSON = st.recursive(
    st.text() | st.integers(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)
)
ALGORITHMS = st.sampled_from(["sha1", "sha256", "sha384", "sha512"])


@given(ALGORITHMS, st.binary())
def test_digests_are_read_in_every_way_in_which_they_are_written(name: str, data: bytes) -> None:
    digest = hashlib.new(name, data)
    same = f"{name}:{digest.hexdigest()}"
    sri = f"{name}-{base64.b64encode(digest.digest()).decode()}"
    written = [same, same.replace(":", "="), digest.hexdigest().upper(), sri, f"{sri}?opt"]
    assert digests(written) == (same,)
    assert digests([" ".join(written)]) == (same,)


@pytest.mark.parametrize(
    "text", ["", "sha512-", "sha512-aaaa", "sha256:" + "a" * 40, "x" * 64, "sha1-" + "A" * 44, "a" * 33]
)  # fmt: skip
def test_what_is_no_digest_is_left_out(text: str) -> None:
    assert digests([text]) == ()


def test_names_of_npm_are_split_after_their_scope() -> None:
    assert split("@a/b@npm:c@1") == ("@a/b", "npm:c@1")
    assert [split(text) for text in ("a@1", "a", "@a/b", "")] == [
        ("a", "1"), ("a", ""), ("@a/b", ""), ("", ""),
    ]  # fmt: skip
    assert aliased("x", "npm:@a/b@^1") == "@a/b"
    assert aliased("x", "npm:^1") == aliased("x", "^1") == "x"


def test_a_cycle_is_walked_once() -> None:
    edges = {"a": ["b"], "b": ["c", "a"], "c": ["a"], "d": ["a"]}
    assert reachable(["a"], edges) == {"a", "b", "c"}


def test_without_anything_asked_for_nothing_is_indirect() -> None:
    assert [relation("a", asked) for asked in ((), ("a",), ("b",))] == ["", "direct", "indirect"]


def test_a_name_stands_for_all_of_its_versions() -> None:
    known = by_name([("a", "1"), ("a", "2"), ("b", "1")])
    assert named(["b", "a", "nobody"], known) == ("a@1", "a@2", "b@1")


def test_copies_of_a_version_are_merged() -> None:
    first = Package("f", "npm", "npm", "a", "1", dev=True, line=1, hashes=("md5:x",))
    second = Package("f", "npm", "npm", "a", "1", relation="direct", line=9, depends=("b@1",))
    other = Package("f", "npm", "conda", "a", "1")
    one, two = merged([first, second, other])
    assert (one.dev, one.relation, one.line, one.depends) == (False, "direct", 1, ("b@1",))
    assert two == other


def test_names_of_requirements_are_normalized() -> None:
    assert required_name(" Foo_Bar.baz[x]>=1; python_version<'3'") == "foo-bar-baz"
    assert required_name("-r x.txt") == required_name("") == ""
    assert normalized("A--b_.C") == "a-b-c"


@given(JSON)
def test_plain_json_stays_what_it_is(value: object) -> None:
    assert json.loads(plain(json.dumps(value, indent=1).encode())) == value


def test_comments_and_last_commas_are_taken_out() -> None:
    data = b'{ // a "comment"\n"a": ["//", "/*", 1,\n], /* " * */ "b": "\\",}", }'
    assert json.loads(plain(data)) == {"a": ["//", "/*", 1], "b": '",}'}
    assert plain(b'"' + b"\\" * 100_000) == b'"' + b"\\" * 100_000
    assert plain(b"/* " * 100_000) == b""
    assert plain(b", " * 100_000) == b", " * 100_000
    assert plain(b"," + b" " * 100_000) == b"," + b" " * 100_000
