"""Alpine's versions as apk-tools 3 orders them, and the distributions that use them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem
from pratique.model.inventory import Distro

_BEFORE = {"alpha": 0, "beta": 1, "pre": 2, "rc": 3}
_AFTER = {"cvs": 0, "svn": 1, "git": 2, "hg": 3, "p": 4}
_VERSION = re.compile(
    r"(\d+)((?:\.\d+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)(?![a-z])\d*)*)"
    r"(?:~([0-9a-f]+))?(?:-r(\d+))?(.*)",
    re.ASCII | re.DOTALL,
)
_SUFFIX = re.compile(r"_([a-z]+)(\d*)", re.ASCII)
# What comes next decides between versions that are equal so far, from oldest to newest
_EARLIER, _INVALID, _END, _REVISION, _HASH, _NUMBER, _LATER, _LETTER, _DIGITS = range(9)
_Token = tuple[int, int, str]


@lru_cache(maxsize=16384)
def version_key(version: str) -> tuple[_Token, ...]:
    """Return a key that sorts as `apk version -t` does; raises ValueError for what is none.

    As there, a version is compared as far as it is understood: `1.2.r0` comes just before `1.2`.
    """
    match = _VERSION.match(version.strip())
    if match is None:
        raise ValueError(version)
    return tuple(_tokens(match))


def _tokens(match: re.Match[str]) -> Iterator[_Token]:
    first, rest, letter, suffixes, commit, revision, unknown = match.groups()
    yield _DIGITS, int(first), ""
    if rest:
        for digits in rest[1:].split("."):
            # leading zeros make a fraction of it: 1.05 is before 1.1
            yield (_DIGITS, 0, digits) if digits[0] == "0" else (_DIGITS, int(digits), "")
    if letter:
        yield _LETTER, 0, letter
    for name, number in _SUFFIX.findall(suffixes):
        yield (_EARLIER, _BEFORE[name], "") if name in _BEFORE else (_LATER, _AFTER[name], "")
        if number:
            yield _NUMBER, int(number), ""
    if commit:
        yield _HASH, 0, commit
    if revision:
        yield _REVISION, int(revision), ""
    yield (_INVALID if unknown else _END), 0, ""


_BRANCH = re.compile(r"\d+\.\d+", re.ASCII)


def _release(distro: Distro) -> str:
    """Return the branch, `v3.20`; edge calls itself `3.22.0_alpha20250108`, or nothing."""
    match = _BRANCH.match(distro.version)
    return f"v{match[0]}" if match and "_alpha" not in distro.version else "edge"


def _channel(distro: Distro) -> str:
    """Return BellSoft's `23` or `stream`."""
    return distro.version


alpine = Ecosystem(
    "Alpine", "apk", version_key, namespace="alpine", distros=("alpine",), release=_release,
    named_by="source",
)  # fmt: skip
wolfi = Ecosystem(
    "Wolfi", "apk", version_key, namespace="wolfi", distros=("wolfi",), named_by="source"
)
chainguard = Ecosystem(
    "Chainguard", "apk", version_key, namespace="chainguard", distros=("chainguard",),
    named_by="source",
)  # fmt: skip
minimos = Ecosystem(
    "MinimOS", "apk", version_key, namespace="minimos", distros=("minimos",), named_by="source"
)
alpaquita = Ecosystem(
    "Alpaquita", "apk", version_key, namespace="alpaquita", distros=("alpaquita",),
    release=_channel, named_by="source",
)  # fmt: skip
bellsoft = Ecosystem(
    "BellSoft Hardened Containers", "apk", version_key, namespace="bellsoft-hardened-containers",
    distros=("bellsoft-hardened-containers",), release=_channel, named_by="source",
)  # fmt: skip
