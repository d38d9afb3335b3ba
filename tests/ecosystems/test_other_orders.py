"""Tests of the small grammars: Haskell's, R's and Conan's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystems.ordering import Key, agree, ascend, is_total, joined
from pratique.ecosystems import conan, pvp, r

VERSIONS = joined(".0", ".1", ".10", "-1", start="1")


def test_haskells_versions_ascend() -> None:
    ascend(pvp.version_key, "1 1.0 1.0.0 1.0.1 1.2 1.10 2")


def test_rs_versions_ascend() -> None:
    ascend(r.version_key, "1.2 1.2-3 1.2.4 1.2.10 1.10 7.3-60 7.3-60.1")
    agree(r.version_key, "1.2-3 1.2.3 1.02.3")


def test_conans_versions_ascend() -> None:
    ascend(
        conan.version_key, "1.0-alpha 1.0-beta.2 1.0-beta.11 1.0 1.0+1 1.0+2 1.0.1 1.1 1.10 cci.1"
    )
    ascend(conan.version_key, "1.1.1 1.1.1a 1.1.1k 1.1.1w 1.1.2 3.0.0")
    agree(conan.version_key, "1 1.0 1.0.0 01")


@pytest.mark.parametrize("key", [pvp.version_key, r.version_key, conan.version_key])
@given(st.lists(VERSIONS, min_size=3, max_size=3))
def test_the_order_is_total(key: Key, versions: list[str]) -> None:
    try:
        is_total(key, versions)
    except ValueError:
        return


@pytest.mark.parametrize("key", [pvp.version_key, r.version_key, conan.version_key])
@pytest.mark.parametrize("text", ["", "²", "1 2", "[>=1.0]"])
def test_what_is_no_version_is_refused(key: Key, text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        key(text)
