from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystems.ordering import agree, ascend, is_total, joined
from pratique.ecosystems.packagist import version_key

VERSIONS = joined(
    "0", "1", "10", ".", "-", "a", "b2", "RC1", "alpha", "-beta", "p1", "pl", "-dev", "foo", ".x",
    start="1",
)  # fmt: skip


def test_the_order_of_version_compare_ascends() -> None:
    ascend(version_key, "1-foo 1-dev 1-alpha 1-beta 1-RC 1 1-pl1")
    ascend(
        version_key, "1.0.0-dev 1.0.0-alpha1 1.0.0-beta.2 1.0.0-RC1 1.0.0 1.0.0-p1 1.0.1 1.2 1.10"
    )


def test_a_development_version_of_a_stage_is_before_it() -> None:
    ascend(version_key, "1.0-dev 1.0-beta1-dev 1.0-beta1 1.0-beta2-dev 1.0")


def test_ways_to_write_a_version_are_equal() -> None:
    agree(version_key, "1.0 v1.0.0 1.0.0.0 1 1.0-stable 1.0@dev 1.0+build V1.0")
    agree(version_key, "1.0-a1 1.0alpha1 1.0.0-ALPHA.1 1.0_a-1")
    agree(version_key, "1.0-p1 1.0-pl1 1.0patch1")
    agree(version_key, "2010-01-02 2010:01:02")


def test_a_numbered_branch_is_after_all_its_versions() -> None:
    ascend(version_key, "1.2.9 1.2.x-dev 1.3.0 1.3.9 1.x-dev 2.0.0-dev 2.0")


@pytest.mark.parametrize("text", ["", "dev-main", "dev-master", "master", "a", "-1", "1 2", "v"])
def test_a_named_branch_is_no_version(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        version_key(text)


@given(st.lists(VERSIONS, min_size=3, max_size=3))
def test_the_order_is_total(versions: list[str]) -> None:
    try:
        is_total(version_key, versions)
    except ValueError:
        return
