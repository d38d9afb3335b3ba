from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystems.ordering import agree, ascend, hold, is_total, joined
from pratique.ecosystems.apk import version_key

VERSIONS = joined(
    "0", "1", "10", ".0", ".1", ".01", ".10", "a", "_rc", "_p", "_git", "_foo", "~ab", "-r1", "-r",
    start="1",
)  # fmt: skip

# pairs as in apk-tools' own test/unit/version.data
TABLE = """
2.34 > 0.1.0_alpha
23_foo > 4_beta
0.1.0_alpha = 0.1.0_alpha
0.1.0_alpha < 0.1.3_alpha
0.1.0_alpha2 > 0.1.0_alpha
1.0.4-r3 < 1.0.4-r4
1.1 > 1.1_alpha1
1.3_alpha < 1.3_alpha2
2.3.0b-r1 < 2.3.0b-r2
0.13_beta4 < 0.13_beta5
1.06-r6 < 006
2.01.01_alpha10 > 0.94
1.39 > 1.00_beta2
021109-r3 < 20060512
3.9_pre20060124 > 0.01
6b-r7 > 1.12-r7
2.10.1 > 02.08.01b
1.6d > 1.2.07.8
1.2.12.04 < 1.2.12.05
4.3_p2-r1 < 4.3_p2-r5
4.5_p1-r1 > 4.5_p1
0.9.8c-r1 < 0.9.8d
1.0_p10-r0 > 1.0_p9-r0
0.1.0_alpha_pre2 < 0.1.0_alpha
1.0.0_pre20191002222144-r0 < 1.0.0_pre20210530193627-r0
6.0_pre1 < 6.0
6.1_p1 > 6.1
8.2.0 < 8.2.001
8.2.0015 < 8.2.002
"""


def test_the_examples_of_apk_tools_hold() -> None:
    hold(version_key, TABLE)


def test_suffixes_ascend_around_the_version_without_one() -> None:
    ascend(version_key, "1_alpha 1_alpha1 1_beta 1_pre 1_rc 1_rc1 1_rc10 1 1-r1 1-r10 1_cvs 1_svn "
           "1_git 1_git20200101 1_hg 1_p 1_p0 1_p10 1a 1b 1.0")  # fmt: skip


def test_what_follows_decides_between_versions_that_are_equal_so_far() -> None:
    ascend(version_key, "1.0_rc1 1.0_foo 1.0 1.0-r0 1.0~ab 1.0~ab-r1 1.0~b 1.0_p1 1.0a 1.0.0")


def test_a_number_with_leading_zeros_is_a_fraction() -> None:
    ascend(version_key, "1.0 1.00 1.001 1.01 1.010 1.02 1.09 1.1 1.9 1.10")
    agree(version_key, "01.2 1.2 001.2")


def test_a_malformed_version_is_compared_as_far_as_it_is_understood() -> None:
    ascend(version_key, "10.2.21-r9 10.2.22.r0 10.2.22-r0")
    ascend(version_key, "0.12.4-r7 0.12.5.-r0 0.12.5-r0 0.12.6")


@pytest.mark.parametrize("text", ["", "a", "-r1", ".1", "v1.0", "_p1", "~ab", "²"])
def test_what_does_not_begin_with_a_digit_is_no_version(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        version_key(text)


@given(st.lists(VERSIONS, min_size=3, max_size=3))
def test_the_order_is_total(versions: list[str]) -> None:
    is_total(version_key, versions)
