"""Semantic versions (https://semver.org, 2.0.0) and the ecosystems that follow them."""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem

_VERSION = re.compile(
    r"[vV=\s]*(\d+(?:\.\d+)*)(?:[-.]?([0-9A-Za-z-][0-9A-Za-z.-]*))?(?:\+[0-9A-Za-z.-]*)?", re.ASCII
)
_GO = re.compile(r"(?:go)?(\d+(?:\.\d+)*)(?:(beta|rc)(\d+))?", re.ASCII)
_BITNAMI = re.compile(r"(\d+(?:\.\d+)*)(?:-(\d+))?", re.ASCII)
_RELEASED = ((2, 0, ""),)
_Key = tuple[tuple[int, ...], tuple[tuple[int, int, str], ...]]


@lru_cache(maxsize=65536)
def version_key(version: str) -> _Key:
    """Return a key that sorts as section 11 says, lenient as OSV needs it to be.

    A leading `v`, missing or additional numbers are allowed. Build metadata does not count.
    Raises ValueError for what is no version.
    """
    match = _VERSION.fullmatch(version.strip())
    if match is None:
        raise ValueError(version)
    return _numbers(match[1]), _prerelease(match[2]) if match[2] else _RELEASED


def _numbers(text: str) -> tuple[int, ...]:
    numbers = [int(number) for number in text.split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _prerelease(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return the identifiers: numbers before words, fewer before more."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in text.split("."))


@lru_cache(maxsize=65536)
def go_key(version: str) -> _Key:
    """Return a key for a module's version, or for a release of Go itself (`go1.21rc2`)."""
    if match := _GO.fullmatch(version.strip()):
        if not match[2]:
            return _numbers(match[1]), _RELEASED
        return _numbers(match[1]), ((1, 0, match[2]), (0, int(match[3]), ""))
    return version_key(version)


@lru_cache(maxsize=65536)
def bitnami_key(version: str) -> _Key:
    """Return a key under which Bitnami's revision (`1.2.3-4`) follows the version."""
    if match := _BITNAMI.fullmatch(version.strip()):
        return _numbers(match[1]), (*_RELEASED, (0, int(match[2] or 0), ""))
    return version_key(version)


npm = Ecosystem("npm", "npm", version_key)
go = Ecosystem("Go", "golang", go_key)
cargo = Ecosystem("crates.io", "cargo", version_key)
hex_ = Ecosystem("Hex", "hex", version_key)
pub = Ecosystem("Pub", "pub", version_key)
swift = Ecosystem("SwiftURL", "swift", version_key)
bitnami = Ecosystem("Bitnami", "bitnami", bitnami_key)
julia = Ecosystem("Julia", "julia", version_key)
actions = Ecosystem("GitHub Actions", "githubactions", version_key)
