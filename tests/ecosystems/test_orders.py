from __future__ import annotations

import itertools
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import InvalidVersion, Version

from pratique.ecosystems import apk, deb, maven, nuget, packagist, pypi, rpm, rubygems, semver
from pratique.model.ecosystem import Ecosystem
from pratique.plugins import load

Key = Callable[[str], Any]
ECOSYSTEMS = load("pratique.ecosystems", Ecosystem)

ASCENDING: dict[str, tuple[Key, str]] = {
    # Debian Policy 5.6.12 and deb-version(7)
    "deb": (deb.version_key, ("1.0~~ 1.0~~a 1.0~ 1.0 1.0-1 1.0-1+b1 1.0-1.1 1.0a 1.0+dfsg 1.0.1 "
            "1.9 1.10 2.36-9 2.36-9+deb12u3 2.36-10 1:0.1")),
    # the manual page rpm-version
    "rpm": (rpm.version_key, ("1.0~rc1-1 1.0~rc2-1 1.0-1 1.0-1.el9 1.0-2 1.0^git1-1 1.0^git2-1 "
            "1.0a-1 1.0.1-1 1.9-1 1.10-1 1:0.1-1")),
    # apk-tools 2's test/version.data
    "apk": (apk.version_key, ("0.1_pre2 0.1 1.0_alpha 1.0_beta 1.0_pre 1.0_rc1 1.0_rc2 1.0 1.0-r1 "
            "1.0-r2 1.0_p1 1.0_p10 1.0a 1.0b 1.0.1 1.2 1.10 2.01 2.1")),
    # PEP 440, summary of permitted suffixes and relative ordering
    "pypi": (pypi.version_key, ("1.dev0 1.0.dev456 1.0a1 1.0a2.dev456 1.0a12.dev456 1.0a12 "
             "1.0b1.dev456 1.0b2 1.0b2.post345.dev456 1.0b2.post345 1.0rc1.dev456 1.0rc1 1.0 "
             "1.0+abc.5 1.0+abc.7 1.0+5 1.0.post456.dev34 1.0.post456 1.0.15 1.1.dev1 1!0.1")),
    # the specification, item 11
    "semver": (semver.version_key, ("1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta "
               "1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 2.0.0 2.1.0 2.1.1 10.0.0")),
    "go": (semver.go_key, ("v0.0.0-20191109021931-daa7c04131f5 v0.3.5 v1.2.3-pre "
           "v1.2.3-pre.0.20200101000000-abcdefabcdef v1.2.3 v2.0.0+incompatible")),
    "go itself": (semver.go_key, "go1.19.1 1.20 go1.21beta1 go1.21rc1 1.21rc2 go1.21.0 1.21.1"),
    "bitnami": (semver.bitnami_key, "1.2.2-9 1.2.3 1.2.3-1 1.2.3-10 1.3.0"),
    # the documentation of Maven's version order
    "maven": (maven.version_key, ("1-alpha-beta 1-alpha-1 1-beta2 1-m1 1-rc 1-SNAPSHOT 1 1-sp 1-foo "
              "1-1 1.1 2.9.10.8 2.10 31.1-android 31.1-jre")),
    "rubygems": (rubygems.version_key, "1.0.a 1.0.a.2 1.0.b1 1.0.rc.1 1.0 1.0.1 1.2.b1 1.2 1.10 2.0"),
    "packagist": (packagist.version_key, ("1.0.0-dev 1.0.0-alpha1 1.0.0-beta.2 1.0.0-RC1 1.0.0 "
                  "1.0.0-p1 1.0.1 1.2 1.10 v2.0.0")),
    "nuget": (nuget.version_key, ("1.0.0-alpha 1.0.0-beta 1.0.0-beta.2 1.0.0-Beta.11 1.0.0 1.0.0.1 "
              "1.0.1 1.10.0")),
}  # fmt: skip
EQUAL: dict[str, tuple[Key, str]] = {
    "deb": (deb.version_key, "1.0 0:1.0 1.00"),
    "rpm": (rpm.version_key, "1.0-1 0:1.0-1 1.00-1 1_0-1"),
    "pypi": (pypi.version_key, "1.0 1 1.0.0 v1.0 0!1"),
    "semver": (semver.version_key, "1.0.0 v1.0.0 1 1.0.0+build"),
    "maven": (maven.version_key, "1 1.0 1-ga 1.0.0-final 1.RELEASE"),
    "rubygems": (rubygems.version_key, "1 1.0 1.0.0"),
    "packagist": (packagist.version_key, "1.0 v1.0.0 1.0.0.0"),
    "nuget": (nuget.version_key, "1.0 1.0.0 1.0.0.0 1.0.0+meta"),
}


@pytest.mark.parametrize("name", ASCENDING)
def test_versions_ascend(name: str) -> None:
    key, text = ASCENDING[name]
    for lower, higher in itertools.combinations(text.split(), 2):
        assert key(lower) < key(higher), (lower, higher)
        assert not key(higher) <= key(lower), (lower, higher)


@pytest.mark.parametrize("name", EQUAL)
def test_versions_are_equal(name: str) -> None:
    key, text = EQUAL[name]
    for one, other in itertools.combinations(text.split(), 2):
        assert key(one) == key(other), (one, other)


pieces = st.lists(
    st.sampled_from(["0", "1", "2", "10", "01", "a", "b", "rc", "alpha", "dev", "p", "r1", ".", ".",
                     "-", "_", "~", "^", "+", ":", "v"]), min_size=1, max_size=7,
).map("".join)  # fmt: skip


@pytest.mark.parametrize("ecosystem", ECOSYSTEMS, ids=lambda e: e.name)
@settings(max_examples=60)
@given(st.lists(pieces, min_size=3, max_size=3))
def test_every_order_is_total(ecosystem: Ecosystem, texts: list[str]) -> None:
    try:
        first, second, third = map(ecosystem.version_key, texts)
    except ValueError:
        return
    assert first == first  # noqa: PLR0124 - reflexive
    assert (first < second) + (first == second) + (second < first) == 1
    if first <= second <= third:
        assert first <= third


@pytest.mark.parametrize("ecosystem", ECOSYSTEMS, ids=lambda e: e.name)
@given(st.text(max_size=20))
def test_any_text_is_a_version_or_a_value_error(ecosystem: Ecosystem, text: str) -> None:
    with suppress(ValueError):
        ecosystem.version_key(text)


@pytest.mark.parametrize("ecosystem", ECOSYSTEMS, ids=lambda e: e.name)
@given(st.text(max_size=20))
def test_a_canonical_name_is_its_own(ecosystem: Ecosystem, name: str) -> None:
    assert ecosystem.canonical(ecosystem.canonical(name)) == ecosystem.canonical(name)


@given(pieces, pieces)
def test_python_agrees_with_packaging(one: str, other: str) -> None:
    try:
        theirs = Version(one), Version(other)
    except InvalidVersion:
        return
    ours = pypi.version_key(one), pypi.version_key(other)
    assert (ours[0] < ours[1], ours[0] == ours[1]) == (
        theirs[0] < theirs[1], theirs[0] == theirs[1],
    )  # fmt: skip


NATIVE = ["1.0", "1.0~rc1", "1.0~", "1.0-1", "1.0-1+b1", "1.0+dfsg-2", "1:0.5", "2.36-9+deb12u3",
          "1.0a", "1.0.", "10", "9", "0", "1.0-0", "1.2.3~alpha.1-1ubuntu0.1", "0.0~git2020-1"]  # fmt: skip


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="needs dpkg")
def test_debian_agrees_with_dpkg() -> None:
    pairs = list(itertools.combinations(NATIVE, 2))
    script = "\n".join(
        f"dpkg --compare-versions '{a}' lt '{b}' && echo lt || "
        f"{{ dpkg --compare-versions '{a}' eq '{b}' && echo eq || echo gt; }}"
        for a, b in pairs
    )
    said = subprocess.run(["sh"], input=script, capture_output=True, text=True, check=False).stdout
    assert said.split() == [relation(deb.version_key, a, b) for a, b in pairs]


@pytest.mark.skipif(shutil.which("rpm") is None, reason="needs rpm")
def test_rpm_agrees_with_rpm() -> None:
    versions = ["1.0", "1.0.1", "1.0~rc1", "1.0^git1", "1.0^", "1.0~", "1a", "1.a", "10", "9", "a1",
                "1.0^git1.2", "1..0", "01.0", "2.0.0.1", "1.0~rc1^2"]  # fmt: skip
    pairs = list(itertools.product(versions, repeat=2))
    calls = " ".join(f'print(rpm.vercmp("{a}","{b}").." ")' for a, b in pairs)
    said = subprocess.run(["rpm", "--eval", f"%{{lua:{calls}}}"], capture_output=True, text=True,
                          check=True).stdout  # fmt: skip
    names = {"-1": "lt", "0": "eq", "1": "gt"}
    assert [names[n] for n in said.split()] == [relation(rpm.version_key, a, b) for a, b in pairs]


def relation(key: Key, one: str, other: str) -> str:
    return "lt" if key(one) < key(other) else "eq" if key(one) == key(other) else "gt"
