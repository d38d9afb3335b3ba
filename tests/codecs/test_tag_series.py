"""Tags of base images: which follows which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.tag_series import newest

TAGS = ("latest", "3", "3.9", "3.9.1", "3.9.1-slim", "3.9.12-slim", "3.9.2-slim", "3.10.1-slim",
        "3.9.13-alpine3.15", "3.9.20-slim-bookworm", "3.9.14rc1-slim", "12.1", "12.9", "13.0",
        "bookworm", "bookworm-20230109-slim", "bookworm-20240211-slim", "bookworm-20240311",
        "jammy-20230308", "v1.2.3", "v1.2.10", "22.04", "2023.01.05", "2023.02.01")  # fmt: skip


@pytest.mark.parametrize(("tag", "repository", "expected"), [
    ("3.9.1-slim", "library/python", "3.9.12-slim"),
    ("3.9.12-slim", "library/python", ""),
    ("3.9.1-alpine3.15", "library/python", "3.9.13-alpine3.15"),
    ("3.9.3-slim-bookworm", "library/python", "3.9.20-slim-bookworm"),
    ("3.9", "library/python", ""), ("3", "x", ""), ("latest", "x", ""), ("bookworm", "x", ""),
    ("12.1", "library/debian", "12.9"), ("12.1", "library/other", ""),
    ("bookworm-20230109-slim", "library/debian", "bookworm-20240211-slim"),
    ("jammy-20230308", "library/ubuntu", ""),
    ("22.04", "library/ubuntu", ""), ("v1.2.3", "x", "v1.2.10"),
    ("2023.01.05", "x", "2023.02.01"),
])  # fmt: skip
def test_the_newest_of_the_same_series(tag: str, repository: str, expected: str) -> None:
    assert newest(tag, TAGS, repository) == expected


@given(st.text("v0123456789.-abc", max_size=40), st.lists(st.text("v0123456789.-abc", max_size=20)))
def test_what_follows_is_followed_by_none(tag: str, tags: list[str]) -> None:
    if found := newest(tag, tags):
        assert found in tags
        assert newest(found, tags) == ""
