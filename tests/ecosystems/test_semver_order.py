from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystems.ordering import Key, agree, ascend, is_total, joined
from pratique.ecosystems.semver import bitnami_key, built_key, go_key, repository, version_key

KEYS = (version_key, go_key, built_key, bitnami_key)
VERSIONS = joined(".0", ".1", ".10", "-1", "-rc", "-rc.1", "-alpha", ".beta", "rc2", start="1")


def test_the_examples_of_the_specification_ascend() -> None:
    ascend(version_key, "1.0.0 2.0.0 2.1.0 2.1.1")
    ascend(version_key, "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 "
           "1.0.0-beta.11 1.0.0-rc.1 1.0.0")  # fmt: skip


def test_every_version_of_the_specification_is_one() -> None:
    ascend(version_key, "1.0.0-0.3.7 1.0.0-alpha 1.0.0-alpha.1 1.0.0-x.7.z.92 1.0.0-x-y-z.-- 1.0.0")
    ascend(version_key, "1.0.0-0 1.0.0-99999999999999999999 1.0.0-a 1.0.0 99999999999999999999.0.0")


def test_build_metadata_does_not_count() -> None:
    agree(
        version_key, "1.0.0 1.0.0+20130313144700 1.0.0+exp.sha.5114f85 1.0.0+21AF26D3--117B344092BD"
    )
    agree(version_key, "1.0.0-alpha+001 1.0.0-alpha")


def test_what_osv_and_npm_are_lenient_about_is_allowed() -> None:
    agree(version_key, "1.2.0 v1.2.0 =1.2.0 V1.2 1.2 1.2.0.0")
    agree(version_key, "1.2.3-beta 1.2.3beta 1.2.3.beta")
    ascend(version_key, "1.2.3 1.2.3.1 1.2.3.10 1.2.4")


@pytest.mark.parametrize("text", ["", "~", "latest", "1.4.0-*", "main", "v", "^1.0", "1 2", "٣.0"])
def test_a_range_or_a_word_is_no_version(text: str) -> None:
    for key in KEYS:
        with pytest.raises(ValueError, match=r".*"):
            key(text)


def test_versions_of_modules_ascend() -> None:
    ascend(go_key, "v0.0.0-20191109021931-daa7c04131f5 v0.0.0-20200622213623-75b288015ac9 v0.3.5 "
           "v1.2.3-pre v1.2.3-pre.0.20200101000000-abcdefabcdef v1.2.3 "
           "v1.2.4-0.20200101000000-abcdefabcdef v1.2.4 v2.0.0+incompatible")  # fmt: skip
    agree(go_key, "v2.0.0 2.0.0 v2.0.0+incompatible")


def test_releases_of_go_ascend_among_the_bounds_of_its_records() -> None:
    ascend(go_key, "go1.19.1 1.20rc1 1.20 go1.20.1 1.21.0-0 go1.21beta1 go1.21rc1 v1.21rc2 1.21rc10 "
           "go1.21.0 1.21.1 go1.22.0")  # fmt: skip
    agree(go_key, "1.20 go1.20 v1.20 1.20.0 go1.20.0")


def test_bitnamis_revision_follows_the_version() -> None:
    ascend(bitnami_key, "1.2.2-9 1.2.3-rc.1 1.2.3 1.2.3-1 1.2.3-10 1.3.0")
    agree(bitnami_key, "1.2.3 1.2.3-0 v1.2.3")


def test_build_metadata_counts_for_pub_and_julia() -> None:
    ascend(
        built_key, "1.0.0-pre 1.0.0-pre+1 1.0.0 1.0.0+1 1.0.0+2 1.0.0+10 1.0.0+a 1.0.0+a.1 1.0.1"
    )
    ascend(built_key, "3.0.15+3 3.0.16+0 3.0.16+1")


@pytest.mark.parametrize("key", KEYS)
@given(st.lists(VERSIONS, min_size=3, max_size=3))
def test_the_order_is_total(key: Key, versions: list[str]) -> None:
    is_total(key, versions)


@pytest.mark.parametrize(
    "url",
    ["https://github.com/apple/swift-nio.git", "https://GitHub.com/Apple/swift-nio/",
     "git@github.com:apple/swift-nio.git", "ssh://git@github.com/apple/swift-nio",
     "github.com/apple/swift-nio"],
)  # fmt: skip
def test_a_git_url_is_written_as_osv_does(url: str) -> None:
    assert repository(url) == "github.com/apple/swift-nio"
