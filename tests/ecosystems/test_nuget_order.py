from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystems.ordering import agree, ascend, is_total, joined
from pratique.ecosystems.nuget import version_key

VERSIONS = joined(".0", ".1", ".10", start="1", longest=3)
STAGES = joined("-a", "-B", ".1", ".10", "-rc", start="-0", longest=3)


def test_the_examples_of_the_documentation_ascend() -> None:
    ascend(version_key, "1.0.1-aaa 1.0.1-alpha 1.0.1-alpha.2 1.0.1-alpha.10 1.0.1-alpha10 "
           "1.0.1-alpha2 1.0.1-beta 1.0.1-open 1.0.1-rc 1.0.1-zzz 1.0.1")  # fmt: skip
    ascend(version_key, "1.0.0 1.0.0.1 1.0.0.10 1.0.1 1.10.0")


def test_case_build_and_zeros_do_not_count() -> None:
    agree(version_key, "1.0 1.0.0 1.0.0.0 1.00 1.0.0+meta v1")
    agree(version_key, "1.0.0-Beta.11 1.0.0-beta.11+x 1.0.0.0-BETA.11")


@pytest.mark.parametrize("text", ["", "1.0.0.0.0", "1.4.0-*", "[1.0,2.0)", "1.0.0-", "3.0.RC3"])
def test_a_range_or_a_fifth_number_is_no_version(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        version_key(text)


@given(st.lists(st.tuples(VERSIONS, st.one_of(st.just(""), STAGES)).map("".join),
                min_size=3, max_size=3))  # fmt: skip
def test_the_order_is_total(versions: list[str]) -> None:
    is_total(version_key, versions)
