from __future__ import annotations

import itertools
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystems.ordering import agree, ascend, is_total, joined, relation
from pratique.ecosystems.deb import version_key

VERSIONS = joined(
    "0", "1", "10", "01", "a", "rc", ".", "~", "+", "dfsg", "~~", "deb12u1", start="1"
)  # fmt: skip


def test_the_examples_of_debian_policy_ascend() -> None:
    ascend(version_key, "~~ ~~a ~ 0 a")
    ascend(version_key, "1.0~beta1~svn1245 1.0~beta1 1.0")


def test_versions_of_real_packages_ascend() -> None:
    ascend(version_key, "1.0~~ 1.0~~a 1.0~ 1.0 1.0-1~bpo12+1 1.0-1 1.0-1+b1 1.0-1.1 1.0a 1.0+dfsg")
    ascend(version_key, "1.9 1.10 2.36-9 2.36-9+deb12u3 2.36-9+deb12u10 2.36-10 1:0.1 2:0.0")


def test_a_missing_epoch_or_revision_is_zero() -> None:
    agree(version_key, "1.0 0:1.0 1.0-0 01.0 1.00 1.0-00")
    agree(version_key, "1.a-1 1.a0-1")


def test_only_the_last_hyphen_separates_the_revision() -> None:
    ascend(version_key, "1-2-1 1-2-2 1-10-1")


@pytest.mark.parametrize("text", ["", " ", "1.0-", "-1", "a:1.0", ":1", "1.0_1", "1 2", "٣", "1:"])
def test_what_dpkg_refuses_is_no_version(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        version_key(text)


@given(st.lists(st.tuples(st.sampled_from(["", "0:", "1:"]), VERSIONS, st.sampled_from(["", "-1"]))
                .map("".join), min_size=3, max_size=3))  # fmt: skip
def test_the_order_is_total(versions: list[str]) -> None:
    is_total(version_key, versions)


NATIVE = ["1.0", "1.0~rc1", "1.0~", "1.0-1", "1.0-1+b1", "1.0+dfsg-2", "1:0.5", "2.36-9+deb12u3",
          "1.0a", "1.0.", "10", "9", "0", "1.0-0", "1.2.3~alpha.1-1ubuntu0.1", "0.0~git2020-1",
          "1.0-1~~", "1.0.0a0", "1.00", "1..0"]  # fmt: skip


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="needs dpkg")
def test_dpkg_agrees() -> None:
    pairs = list(itertools.combinations(NATIVE, 2))
    script = "\n".join(
        f"dpkg --compare-versions '{a}' lt '{b}' && echo '<' || "
        f"{{ dpkg --compare-versions '{a}' eq '{b}' && echo '=' || echo '>'; }}"
        for a, b in pairs
    )
    said = subprocess.run(["sh"], input=script, capture_output=True, text=True, check=False).stdout
    assert said.split() == [relation(version_key, a, b) for a, b in pairs]
