from __future__ import annotations

import pytest

from pratique.codecs import xmltree
from pratique.errors import LimitExceeded, MalformedError


def trees(*chunks: bytes) -> list[str]:
    found = xmltree.trees(chunks, {"root"}, {"entry"}, "a.xml")
    return [f"{node.get('n')}:{xmltree.text(node, 'a/b')}" for node in found]


def test_subtrees_come_whole_and_one_by_one_whatever_the_chunks() -> None:
    data = b'<root><x/><l><entry n="1"><a><b> one </b>tail<b/></a></entry></l><entry n="2"/></root>'
    for size in (1, 7, 1000):
        assert trees(*(data[i : i + size] for i in range(0, len(data), size))) == ["1:one", "2:"]


def test_names_are_local_and_the_outermost_counts() -> None:
    data = b'<p:root xmlns:p="x"><p:entry n="1"><p:a><p:b>t</p:b></p:a><entry n="2"/></p:entry></p:root>'
    assert trees(data) == ["1:t"]


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"<other/>", "its root is 'other'"), (b"", "no XML"), (b"<root>", "no XML"),
     (b"<root>&x;</root>", "no XML"), (b"<root>\xff</root>", "no XML"),
     (b'<?xml version="1.0" encoding="none"?><root/>', "no XML"),
     (b"<!DOCTYPE root><root/>", "document type"),
     (b"<root>" + b"<a>" * 100, "too deeply")],
)  # fmt: skip
def test_what_is_not_read_says_why(data: bytes, message: str) -> None:
    with pytest.raises(MalformedError, match=message) as caught:
        trees(data)
    assert caught.value.where == "a.xml"


def test_a_subtree_without_end_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xmltree, "_NODES", 1000)
    with pytest.raises(LimitExceeded, match="more than 1000 others"):
        trees(b"<root><entry>", *[b"<a/>" * 100] * 11)
    monkeypatch.setattr(xmltree, "_TEXT", 1000)
    with pytest.raises(LimitExceeded, match="1000 characters"):
        trees(b"<root><entry>", *[b"text" * 100] * 11)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2023-02-17 20:41", "2023-02-17T20:41:00Z"), ("2023-02-17", "2023-02-17T00:00:00Z"),
     ("2019-06-21T08:27:12Z", "2019-06-21T08:27:12Z"), ("", ""), ("soon", "")],
)  # fmt: skip
def test_times_are_written_in_one_way(text: str, expected: str) -> None:
    assert xmltree.rfc3339(text) == expected
