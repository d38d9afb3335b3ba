from __future__ import annotations

import itertools
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystems.ordering import agree, ascend, is_total, joined, relation
from pratique.codecs.rpmversion import version_key

VERSIONS = joined("0", "1", "10", "01", "a", "rc", ".", "_", "~", "^", "+", "el9", start="1")


def test_the_examples_of_the_manual_ascend() -> None:
    ascend(version_key, "1.0~alpha 1.0~beta 1.0~rc1 1.0 1.0^20240501 1.0.1~rc1 1.0.1")
    ascend(version_key, "1.0~rc1~git1 1.0~rc1 1.0~rc1^git1 1.0 1.0^git1~pre 1.0^git1 1.01")


def test_versions_of_real_packages_ascend() -> None:
    ascend(version_key, "1.0~rc1-1 1.0~rc2-1 1.0-1 1.0-1.el9 1.0-2 1.0^git1-1 1.0a-1 1.0.1-1")
    ascend(version_key, "1.9-1 1.10-1 1:0.1-1 2:0-1")
    ascend(version_key, "5.14.0-362.el9 5.14.0-362.8.1.el9_3 5.14.0-427.el9")


def test_separators_and_zeros_before_a_number_do_not_count() -> None:
    agree(version_key, "1.0-1 0:1.0-1 1.00-1 1_0-1 1..0-1 1.0.-1 1+0-01")
    agree(version_key, "fc.4-1 fc4-1 fc_4-1")


def test_a_missing_release_is_left_out_of_the_comparison() -> None:
    agree(version_key, "1.2 1.2-3")
    agree(version_key, "1.2 0:1.2-4.el9")
    ascend(version_key, "1.1-9 1.2 1.3-1")


@pytest.mark.parametrize("text", ["", " ", "-1", "a:1.0-1", "-1:1.0", "1 0-1", "²:1"])
def test_what_has_no_version_or_no_proper_epoch_is_no_version(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        version_key(text)


@pytest.mark.parametrize("release", ["", "-1", "-2.el9"])
@given(st.lists(VERSIONS, min_size=3, max_size=3))
def test_the_order_is_total_where_all_have_a_release_or_none(
    release: str, versions: list[str]
) -> None:
    is_total(version_key, [version + release for version in versions])


@pytest.mark.skipif(shutil.which("rpm") is None, reason="needs rpm")
@settings(max_examples=5, deadline=None)
@given(st.lists(VERSIONS, min_size=30, max_size=30, unique=True))
def test_rpm_agrees(versions: list[str]) -> None:
    pairs = list(itertools.combinations(versions, 2))
    calls = " ".join(f'print(rpm.vercmp("{a}","{b}").." ")' for a, b in pairs)
    said = subprocess.run(["rpm", "--eval", f"%{{lua:{calls}}}"], capture_output=True, text=True,
                          check=True).stdout  # fmt: skip
    names = {"-1": "<", "0": "=", "1": ">"}
    assert [names[n] for n in said.split()] == [relation(version_key, a, b) for a, b in pairs]
