from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.challenge import challenges


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            'Bearer realm="https://a/token",service="r",scope="repository:x:pull,push"',
            [
                (
                    "bearer",
                    {"realm": "https://a/token", "service": "r", "scope": "repository:x:pull,push"},
                )
            ],
        ),
        ('Basic realm="a \\"b\\""', [("basic", {"realm": 'a "b"'})]),
        (
            'Basic realm=x, BEARER Realm = "y"',
            [("basic", {"realm": "x"}), ("bearer", {"realm": "y"})],
        ),
        ('Negotiate abc==, Basic realm="a"', [("negotiate", {}), ("basic", {"realm": "a"})]),
        ("Negotiate", [("negotiate", {})]),
        ("", []),
        ('="x"', []),
    ],
)
def test_challenges_are_read_as_rfc_9110_writes_them(header: str, expected: object) -> None:
    assert list(challenges(header)) == expected


@given(st.text(alphabet=st.sampled_from('Bearer realm="\\, =x'), max_size=200))
def test_any_header_is_read_to_an_end(header: str) -> None:
    assert all(scheme == scheme.lower() for scheme, _ in challenges(header))
