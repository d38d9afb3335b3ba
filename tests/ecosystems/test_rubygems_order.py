from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystems.ordering import agree, ascend, is_total, joined
from pratique.ecosystems.rubygems import version_key

VERSIONS = joined(".0", ".1", ".00", ".10", ".a", ".b1", ".rc.1", ".pre", start="1", longest=7)


def test_the_examples_of_the_documentation_ascend() -> None:
    ascend(version_key, "0.9 1.0.a.2 1.0.b1 1.0")
    ascend(version_key, "1.0.a9 1.0.a10 1.0.b1 1.0.rc.1 1.0 1.0.1 1.2.b1 1.2 3.2 3.10")


def test_zeros_before_a_word_or_the_end_do_not_count() -> None:
    agree(version_key, "1 1.0 1.0.0 01.0")
    agree(version_key, "1.a 1.0.a 1.0.0.a 1.a0 1.0.a.0")
    ascend(version_key, "1.a.b 1.a.0.b 1.a 1.a.0.1 1.a.1")


def test_a_hyphen_makes_a_prerelease() -> None:
    agree(version_key, "1.0.0-1 1.0.0.pre.1")
    ascend(version_key, "1.0.0-alpha 1.0.0-beta.1 1.0.0-beta.2 1.0.0")


@pytest.mark.parametrize("text", ["", "a", "1..0", "1.", "junk", "1_0", "v1.0", "1\n2"])
def test_what_gem_refuses_is_no_version(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        version_key(text)


@given(st.lists(VERSIONS, min_size=3, max_size=3))
def test_the_order_is_total(versions: list[str]) -> None:
    is_total(version_key, versions)
