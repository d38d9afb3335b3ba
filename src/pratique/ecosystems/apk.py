"""Alpine's versions as apk-tools 2 orders them, and the distributions that use them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem
from pratique.model.inventory import Distro

_VALID = re.compile(
    r"(\d+(?:\.\d+)*)([a-z])?((?:_[a-z]+\d*)*)(?:~[0-9a-f]+)?(?:-r(\d+))?", re.ASCII
)
_SUFFIX = re.compile(r"_([a-z]+)(\d*)", re.ASCII)
_BEFORE = {"alpha": -4, "beta": -3, "pre": -2, "rc": -1}
_AFTER = {"cvs": 0, "svn": 1, "git": 2, "hg": 3, "p": 4}
# What comes next decides between versions that are equal so far, from oldest to newest
_EARLIER, _END, _REVISION, _NUMBER, _LATER, _LETTER, _DIGITS, _COMPONENT = range(8)
_Token = tuple[int, int]


@lru_cache(maxsize=65536)
def version_key(version: str) -> tuple[_Token, ...]:
    """Return a key that sorts as `apk version -t` does; raises ValueError for what is none."""
    match = _VALID.fullmatch(version.strip())
    if match is None:
        raise ValueError(version)
    return tuple(_tokens(match[1].split("."), match[2], match[3], match[4]))


def _tokens(
    components: list[str], letter: str | None, suffixes: str, revision: str | None
) -> Iterator[_Token]:
    yield _DIGITS, int(components[0])
    for component in components[1:]:
        yield from _component(component)
    if letter:
        yield _LETTER, ord(letter)
    for name, number in _SUFFIX.findall(suffixes):
        yield _suffix(name)
        if number:
            yield _NUMBER, int(number)
    if revision is not None:
        yield _REVISION, int(revision)
    yield _END, 0


def _component(text: str) -> Iterator[_Token]:
    """Yield a component behind a dot: leading zeros make it a fraction."""
    digits = text.lstrip("0")
    if zeros := len(text) - len(digits):
        yield _COMPONENT, -zeros
        if digits:
            yield _DIGITS, int(digits)
    else:
        yield _COMPONENT, int(text)


def _suffix(name: str) -> _Token:
    if name in _BEFORE:
        return _EARLIER, _BEFORE[name]
    if name in _AFTER:
        return _LATER, _AFTER[name]
    raise ValueError(name)


def _release(distro: Distro) -> str:
    """Return OSV's `v3.20`, or `edge`."""
    return "v" + ".".join(distro.version.split(".")[:2]) if distro.version[:1].isdigit() else "edge"


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
