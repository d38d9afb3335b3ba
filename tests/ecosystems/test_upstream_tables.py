"""The tables of versions that package managers test themselves with, as facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecosystems.ordering import Key, ascend, relation
from pratique.codecs import maven_version, rpmversion
from pratique.ecosystems import apk, deb, nuget, packagist, pypi, rubygems, semver

TABLES = Path(__file__).with_name("tables")
KEYS: dict[str, Key] = {
    "apk": apk.version_key, "composer": packagist.version_key, "dpkg": deb.version_key,
    "go": semver.go_key, "maven": maven_version.version_key, "nuget": nuget.version_key,
    "packaging": pypi.version_key, "rpm": rpmversion.version_key, "rubygems": rubygems.version_key,
    "semver": semver.version_key,
}  # fmt: skip


def test_every_table_is_read() -> None:
    assert {path.stem for path in TABLES.glob("*.txt")} == set(KEYS)


@pytest.mark.parametrize("name", KEYS)
def test_the_table_of_upstream_holds(name: str) -> None:
    wrong = []
    for line in (TABLES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        kind, _, versions = line.partition(" ")
        if kind == "ascending:":
            ascend(KEYS[name], versions)
        elif kind != "#":
            wrong += _wrong(KEYS[name], line.split())
    assert not wrong


def _wrong(key: Key, words: list[str]) -> list[str]:
    """Return what does not hold of `1 < 2 > 1.0 = 1`, each version beside the next."""
    return [
        f"{one} {expected} {other}, we say {told}"
        for one, expected, other in zip(words[::2], words[1::2], words[2::2], strict=False)
        if (told := relation(key, one, other)) != expected
    ]
