from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.rpmbuilds import Build, affected, beginning_with, by_release, by_version, evr
from pratique.codecs.rpmversion import version_key
from pratique.model.advisory import Range


def held(version: str, ranges: tuple[Range, ...]) -> bool:
    at = version_key(version)
    return any((r.introduced == "0" or at >= version_key(r.introduced)) and at < version_key(r.fixed)
               for r in ranges)  # fmt: skip


versions = st.builds("{}-{}.el9_{}".format, st.sampled_from(["1.0", "1.1", "2.0"]),
                     st.integers(1, 5), st.integers(0, 3))  # fmt: skip


@given(st.lists(versions, min_size=1, max_size=5))
def test_what_is_fixed_is_affected_by_no_stretch_and_what_is_older_than_all_is(
    fixes: list[str],
) -> None:
    for stretches in (by_version(fixes), by_release(fixes)):
        assert held("0.9-1", stretches)
        assert stretches[0].fixed == min(fixes, key=version_key)
        for one, two in pairwise(stretches):
            assert version_key(one.fixed) <= version_key(two.introduced) <= version_key(two.fixed)
    assert not any(
        held(fix, by_version(fixes)) for fix in fixes if fix == max(fixes, key=version_key)
    )


def test_branches_by_release_have_fixes_of_their_own() -> None:
    fixes = ["7.76.1-26.el9_3.2", "7.76.1-23.el9_2.4"]
    assert by_release(fixes) == (
        Range("0", "7.76.1-23.el9_2.4"), Range("7.76.1-24", "7.76.1-26.el9_3.2"),
    )  # fmt: skip
    assert by_version(fixes) == (Range("0", "7.76.1-23.el9_2.4"),)
    assert by_version([*fixes, "8.0-1"])[1] == Range("8.0", "8.0-1")
    assert by_version(["", "1 2"]) == ()


def test_source_packages_and_those_without_code_are_left_out() -> None:
    builds = [Build("x", "1-1", "src"), Build("x-libs", "1-1", "x86_64"),
              Build("x-debuginfo", "1-1", "x86_64"), Build("x-debugsource", "1-1", "x86_64")]  # fmt: skip
    assert [name for name, _ in affected(builds)] == ["x-libs"]
    assert [name for name, _ in affected(builds[:1])] == ["x"]


@pytest.mark.parametrize(
    ("epoch", "expected"),
    [
        (None, "1-2"),
        ("", "1-2"),
        ("0", "1-2"),
        ("None", "1-2"),
        ("3", "3:1-2"),
        ("²", "1-2"),
        ("9" * 5000, "9" * 5000 + ":1-2"),
    ],
)
def test_an_epoch_of_0_is_not_written(epoch: str | None, expected: str) -> None:
    assert evr(epoch, "1", "2") == expected


@pytest.mark.parametrize(
    ("version", "prefix", "expected"),
    [("5.10.96-90", "5.10", "5.10"), ("1:5.10.96-90", "5.10", "5.10"), ("5.100.1-1", "5.10", ""),
     ("20.3-1", "3.8", ""), ("1-1", "", "")],
)  # fmt: skip
def test_a_version_is_of_a_line_or_not(version: str, prefix: str, expected: str) -> None:
    assert beginning_with(version, prefix) == expected
