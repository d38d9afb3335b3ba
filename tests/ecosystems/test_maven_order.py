from __future__ import annotations

import pytest
from hypothesis import given

from ecosystems.ordering import agree, ascend, hold, joined
from pratique.codecs.maven_version import version_key

VERSIONS = joined("0", "1", "10", ".", "-", "a1", "b2", "alpha", "rc", "ga", "sp", "foo", start="1")

# what `java -jar maven-artifact-3.8.7.jar` says of each pair
TABLE = """
1.x < 1.xm3
1.+ < 1.+a1
..b20- < .a
1._ < 1._b2
10.cr < 10.crb2
1rc_ > 1..b21
1-alpha10 > 1-alpha2
1.0-alpha-10 > 1.0-alpha-2
1.0.RC2 < 1.0-RC3
1.0.0.X1 < 1.0.0-X2
4.0.0.Beta3 < 4.0.0-RC1
2.0.1-xyz < 2.0.1-123
1.0.0-SNAPSHOT > 1.0.0-rc
5.3.18.RELEASE = 5.3.18
3.0.0.Final = 3
2.9.10.8 > 2.9.10-jre
1-0.ga = 1.0
20040616 > 1.2
aa.x = aa.x0
"""


def test_the_order_of_the_documentation_ascends() -> None:
    ascend(version_key, "1-alpha 1-beta 1-milestone 1-rc 1-SNAPSHOT 1 1-sp 1-foo 1-1 1.1")
    ascend(version_key, "1-a10 1-alpha.1 1-alpha.2 1-b1 1-m2 1-cr1 1")
    ascend(version_key, "1-sp 1-sp.1 1-abc 1-abc2 1-xyz 1-1 1-2 1-10 1.1-alpha 1.1")


def test_versions_of_real_artifacts_ascend() -> None:
    ascend(version_key, "2.14.0 2.14.1 2.15.0-rc1 2.15.0 2.16.0 2.17.1 2.17.1.1 2.18")
    ascend(version_key, "30.0-jre 31.1-android 31.1-jre 32.0.0-android 32.0.0-jre")
    ascend(version_key, "9.4.0.M1 9.4.0.RC0 9.4.0.v20161208 9.4.53.v20231009 10.0.0-alpha0")


def test_what_says_nothing_at_the_end_does_not_count() -> None:
    agree(version_key, "1 1.0 1.0.0 1-0 1.ga 1-ga 1-0-ga 1.0.0-final 1.RELEASE 1-FINAL")
    agree(version_key, "1-rc1 1-cr1 1rc1 1-RC-1 1.0-rc1")
    agree(version_key, "1a1 1-a1 1-alpha-1 1-ALPHA1")


def test_maven_itself_agrees() -> None:
    hold(version_key, TABLE)


@pytest.mark.parametrize("text", ["", " ", "1" * 300])
def test_what_is_empty_or_endless_is_no_version(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        version_key(text)


@given(VERSIONS, VERSIONS)
def test_two_versions_have_one_order(one: str, other: str) -> None:
    """Three need not: ComparableVersion has 1.foo before 1-alpha, that before 1, and 1 before it."""
    first, second = version_key(one), version_key(other)
    assert first == version_key(one)
    assert (first < second) + (first == second) + (first > second) == 1
    assert (first <= second, first >= second) == (second >= first, second <= first)


@given(joined(".0", ".1", ".10", ".2", start="1"), joined(".0", ".1", "-alpha", "-rc1", start="1"))
def test_versions_of_numbers_compare_alike_alone_and_beside_others(one: str, other: str) -> None:
    assert (version_key(one) < version_key(other)) == (
        version_key(f"{one}-ga") < version_key(f"{other}-ga")
    )
