from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from ecosystems.ordering import agree, ascend, is_total, joined
from pratique.ecosystems.pypi import canonical, version_key

VERSIONS = joined(
    "0", "1", "10", "01", ".", "-", "_", "a", "b", "rc", "c", "alpha", "preview", "post", "rev",
    "dev", "RC1", ".post2", ".dev3", "+", "+abc.1", "!", "-bulbasaur", start="1", longest=7,
)  # fmt: skip


def test_the_examples_of_pep_440_ascend() -> None:
    ascend(version_key, "1.dev0 1.0.dev456 1.0a1 1.0a2.dev456 1.0a12.dev456 1.0a12 1.0b1.dev456 "
           "1.0b2 1.0b2.post345.dev456 1.0b2.post345 1.0rc1.dev456 1.0rc1 1.0 1.0+abc.5 1.0+abc.7 "
           "1.0+5 1.0.post456.dev34 1.0.post456 1.0.15 1.1.dev1")  # fmt: skip
    ascend(version_key, "2013.10 2014.04 1!1.0 1!1.1 1!2.0")


def test_ways_to_write_a_version_are_equal() -> None:
    agree(version_key, "1 1.0 1.0.0 v1.0 0!1 V1.0")
    agree(version_key, "1.1a1 1.1.alpha1 1.1-a-1 1.1_ALPHA.1 1.1a01")
    agree(version_key, "1.1rc1 1.1c1 1.1.pre1 1.1-preview_1")
    agree(version_key, "1.0.post1 1.0-1 1.0-r1 1.0.rev.1 1.0post1")
    agree(version_key, "1.0+ubuntu-1 1.0+ubuntu.1 1.0+Ubuntu_1")


def test_a_version_from_before_pep_440_is_before_all_others() -> None:
    ascend(version_key, "0.1-bulbasaur 0.1.33-NA 0.3.1-p1 2004d 0.dev0 0.1")


@pytest.mark.parametrize("text", ["", "trunk", "a3", "-1", "1 2", "٣", "@git+https://x"])
def test_what_begins_with_no_number_is_no_version(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        version_key(text)


@given(VERSIONS, VERSIONS)
def test_packaging_agrees(one: str, other: str) -> None:
    ours = version_key(one), version_key(other)
    try:
        theirs = Version(one), Version(other)
    except InvalidVersion:
        return
    assert ours[0][0] >= 0 <= ours[1][0]
    assert (ours[0] < ours[1], ours[0] == ours[1]) == (
        theirs[0] < theirs[1], theirs[0] == theirs[1],
    )  # fmt: skip


@given(VERSIONS)
def test_only_what_packaging_refuses_is_taken_for_old(version: str) -> None:
    try:
        Version(version)
    except InvalidVersion:
        assert version_key(version)[0] == -1
    else:
        assert version_key(version)[0] >= 0


@given(st.lists(VERSIONS, min_size=3, max_size=3))
def test_the_order_is_total(versions: list[str]) -> None:
    is_total(version_key, versions)


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]*", fullmatch=True))
def test_names_are_normalized_as_pep_503_says(name: str) -> None:
    assert canonical(name) == canonicalize_name(name)
