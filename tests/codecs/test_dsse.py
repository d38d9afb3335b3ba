"""Envelopes, statements and what is attached: whatever the bytes are, nothing but a refusal."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.attesting.found import attestations
from pratique.attesting.predicates import checked, hours_since, made_at
from pratique.codecs.attachments import attestations as blobs_of
from pratique.codecs.dsse import (
    BUNDLE,
    IN_TOTO,
    Envelope,
    RefusedError,
    bundled,
    by_key,
    envelope_of,
    sealed,
    statement_of,
    vouched,
)
from pratique.codecs.oci import Descriptor, Index, Manifest
from pratique.errors import MalformedError, PratiqueError
from pratique.model.image import Digest, Image

DIGEST = "sha256:" + "1" * 64
IMAGE = Image("x", Digest("sha256:" + "2" * 64), (), digests=(f"r/x@{DIGEST}",))
KIND = "https://example.com/x"


class Word:
    """A key that signs by a word, so that tests need no other."""

    def __init__(self, word: bytes = b"sesame") -> None:
        self.word = word

    def sign(self, data: bytes) -> bytes:
        return self.word + data[:7]

    def verifies(self, signature: bytes, data: bytes) -> bool:
        return signature == self.sign(data)


def statement(digest: str = DIGEST, kind: str = KIND, predicate: Any = None) -> bytes:
    name, _, value = digest.partition(":")
    return json.dumps({
        "_type": "https://in-toto.io/Statement/v1", "predicateType": kind,
        "subject": [{"name": "x", "digest": {name: value}}], "predicate": predicate or {"a": 1},
    }).encode()  # fmt: skip


@given(st.binary(max_size=200))
def test_what_is_sealed_is_opened(data: bytes) -> None:
    envelope = sealed(data, Word())
    assert envelope.signed.startswith(b"DSSEv1 28 application/vnd.in-toto+json ")
    again = envelope_of(bundled(envelope, "hint"))
    assert again
    assert (again.payload, again.proofs) == (data, envelope.proofs)
    assert by_key(Word())(b"", again) == ""
    assert by_key(Word(b"other"))(b"", again)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["payload", "payloadType", "signatures", "sig", "dsseEnvelope", "subject",
                         "digest", "predicateType", "predicate", "sha256"]), inner, max_size=5,
    ), max_leaves=20,
)  # fmt: skip


@given(st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_attached(data: bytes) -> None:
    statement_of(data)
    with suppress(RefusedError):
        vouched(data, {DIGEST}, by_key(Word()))
    for verify in (None, by_key(Word())):
        found = attestations(IMAGE, [("sha256:a", lambda: data)], (KIND,), verify)
        assert not found.good


def test_a_statement_that_is_attached_in_two_ways_counts_once() -> None:
    envelope = sealed(statement(), Word())
    plain = json.dumps({
        "payload": base64.b64encode(envelope.payload).decode(), "payloadType": IN_TOTO,
        "signatures": [{"sig": base64.b64encode(envelope.proofs[0]).decode()}],
    }).encode()  # fmt: skip
    attached = [("a", lambda: plain), ("b", lambda: bundled(envelope, ""))]
    found = attestations(IMAGE, attached, (KIND,), by_key(Word()))
    assert [one.where for one in found.good] == ["a"]


def test_nobody_signed() -> None:
    """Without a key a plain statement counts, if it is about the image."""
    raw = [("a", statement), ("b", lambda: statement("sha256:" + "9" * 64))]
    found = attestations(IMAGE, raw, (KIND,), None)
    assert [one.predicate for one in found.good] == [{"a": 1}]
    assert found.refused == ("b is about another image",)
    found = attestations(IMAGE, raw, (KIND,), by_key(Word()))
    assert not found.good
    assert found.refused == ("a is not signed", "b is not signed")


def test_one_that_cannot_be_fetched_hides_no_other() -> None:
    def gone() -> bytes:
        raise PratiqueError("the registry is away")

    envelope = bundled(sealed(statement(), Word()), "")
    found = attestations(IMAGE, [("a", gone), ("b", lambda: envelope)], (KIND,), by_key(Word()))
    assert len(found.good) == 1
    assert found.refused == ("a cannot be read: the registry is away",)


def test_no_more_is_read_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pratique.attesting.found._MOST", 100)
    attached = [
        (str(n), lambda n=n: bundled(sealed(statement(predicate={"n": n}), Word()), ""))
        for n in range(3)
    ]
    found = attestations(IMAGE, attached, (KIND,), by_key(Word()))
    assert [one.predicate["n"] for one in found.good] == [0]
    assert found.refused == ("1 is not read: too much is attached before it",)


def test_many_signatures_are_looked_at_up_to_a_limit() -> None:
    envelope = sealed(statement(), Word())
    good = envelope.signatures[0]
    bad = sealed(b"x", Word(b"bad")).signatures[0]
    envelope.signatures = [*[bad] * 50, good]
    assert by_key(Word())(b"", envelope) == ""
    envelope.signatures = [*[bad] * 5000, good]
    assert by_key(Word())(b"", envelope)


def descriptor(number: int, kind: str, **annotations: str) -> Descriptor:
    return Descriptor(f"sha256:{number:064d}", kind, 1, annotations=annotations,
                      artifact_type=kind)  # fmt: skip


def test_what_may_be_a_statement_is_looked_at() -> None:
    """Of a list of referrers those of other predicates and kinds are not fetched."""
    listed = Index((
        descriptor(1, BUNDLE, **{"dev.sigstore.bundle.predicateType": KIND}),
        descriptor(2, BUNDLE, **{"dev.sigstore.bundle.predicateType": "https://other"}),
        descriptor(3, "application/vnd.oci.empty.v1+json"),
        descriptor(4, "application/x-signature"),
    ))  # fmt: skip
    asked: list[str] = []

    def document(name: str) -> Manifest:
        asked.append(name.lstrip("sha256:0"))
        return Manifest(descriptor(9, ""), (descriptor(5, BUNDLE),))

    found = list(blobs_of([DIGEST], document, lambda _: listed, [KIND]))
    assert asked[:2] == ["1", "3"]
    assert asked[2].endswith(".att")
    assert len(found) == 3


@pytest.mark.parametrize(
    ("moment", "hours"),
    [
        ("2026-01-01T00:00:00Z", 2.0), ("2026-01-01T01:00:00+01:00", 2.0),
        ("2026-01-01T00:00:00.123456789Z", 2.0), ("2026-01-01", 2.0),
        ("", None), ("yesterday", None), ("9" * 99, None),
    ],
)  # fmt: skip
def test_how_old_a_moment_is(moment: str, hours: float | None) -> None:
    assert hours_since(moment, 1767225600 + 7200) == hours


@given(st.text(max_size=40), JSON)
def test_times_of_whatever_is_said(text: str, value: Any) -> None:
    hours_since(text, 0)
    made_at({"metadata": value, "scanner": value, "timestamp": value, "creationInfo": value})


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"{}", b"[" * 99_999])
def test_predicates_that_are_none(data: bytes) -> None:
    with pytest.raises(MalformedError):
        checked("vuln", data, "x", "")


def test_an_envelope_of_another_kind_says_nothing() -> None:
    assert Envelope(statement(), "text/plain").statement() is None
