"""Semantic versions (https://semver.org, 2.0.0) and the ecosystems that follow them."""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem

_VERSION = re.compile(
    r"[vV=\s]*(\d++(?:\.\d++)*+)(?:[-.]?([0-9A-Za-z-][0-9A-Za-z.-]*))?(?:\+[0-9A-Za-z.-]*)?",
    re.ASCII,
)
_GO = re.compile(r"(?:go|v)?(\d+(?:\.\d+)*)(beta|rc)(\d+)", re.ASCII)
_BITNAMI = re.compile(r"v?(\d+(?:\.\d+)*)(?:-(\d+))?", re.ASCII)
_OLD_JAVA = re.compile(r"1\.(\d)\.0[_-](\d{2,3})(?:-b\d+)?", re.ASCII)
_Identifiers = tuple[tuple[int, int | str], ...]
_RELEASED: _Identifiers = ((2, 0),)
_Key = tuple[tuple[int, ...], _Identifiers]


@lru_cache(maxsize=16384)
def version_key(version: str) -> _Key:
    """Return a key that sorts as section 11 says, lenient as OSV needs it to be.

    A leading `v`, missing or additional numbers, a pre-release without its hyphen are allowed.
    Build metadata does not count. Raises ValueError for what is no version.
    """
    match = _VERSION.fullmatch(version.strip())
    if match is None:
        raise ValueError(version)
    numbers, prerelease = match.groups()
    return _numbers(numbers), _identifiers(prerelease) if prerelease else _RELEASED


def _numbers(text: str) -> tuple[int, ...]:
    """Return the numbers without zeros at the end: 1 is 1.0.0."""
    numbers = [int(number) for number in text.split(".")]
    while numbers[-1] == 0 and len(numbers) > 1:
        numbers.pop()
    return tuple(numbers)


def _identifiers(text: str) -> _Identifiers:
    """Return identifiers: numbers before words, fewer before more."""
    return tuple((0, int(part)) if part.isdigit() else (1, part) for part in text.split("."))


@lru_cache(maxsize=16384)
def go_key(version: str) -> _Key:
    """Return a key for a module's version, or for a release of Go itself (`go1.21rc2`).

    Go writes a release that begins a line without its last zero up to 1.20, and the language
    version 1.21 so; both are taken for that release.
    """
    text = version.strip()
    if match := _GO.fullmatch(text):
        return _numbers(match[1]), ((1, match[2]), (0, int(match[3])))
    return version_key(text.removeprefix("go"))


@lru_cache(maxsize=16384)
def built_key(version: str) -> tuple[tuple[int, ...], _Identifiers, _Identifiers]:
    """Return a key for ecosystems where build metadata counts (Pub, Julia): 1.0.0 < 1.0.0+1."""
    text, _, build = version.strip().partition("+")
    return (*version_key(text), _identifiers(build) if build else ())


@lru_cache(maxsize=16384)
def bitnami_key(version: str) -> _Key:
    """Return a key under which Bitnami's revision (`1.2.3-4`) follows the version.

    Java 8's updates are written as Java itself does (`1.8.0_412`) or like later ones (`8.0.412`).
    """
    if match := _OLD_JAVA.fullmatch(version.strip()):
        version = f"{match[1]}.0.{match[2]}"
    if match := _BITNAMI.fullmatch(version.strip()):
        return _numbers(match[1]), (*_RELEASED, (0, int(match[2] or 0)))
    return version_key(version)


_SCHEME = re.compile(r"^(?:\w+(?:://|@))+")
_HOST = re.compile(r"^([^/:]+):")


def repository(name: str) -> str:
    """Return a Git URL as OSV writes it: `github.com/apple/swift-nio`."""
    path = _HOST.sub(r"\1/", _SCHEME.sub("", name.lower()))
    while path.endswith(("/", ".git")):
        path = path.rstrip("/").removesuffix(".git")
    return path


# Bitnami publishes for what it builds of unchanged upstream releases, by upstream's versions
_PROGRAMS = {
    "dotnet": "dotnet", "git": "git", "haproxy": "haproxy", "httpd": "apache", "java": "java",
    "lua": "lua", "mariadb": "mariadb", "memcached": "memcached", "nginx": "nginx",
    "node": "node-min", "openresty": "openresty", "php": "php", "postgresql": "postgresql",
    "python": "python", "redis": "redis", "ruby": "ruby", "varnish": "varnish",
}  # fmt: skip

npm = Ecosystem("npm", "npm", version_key)
go = Ecosystem("Go", "golang", go_key)
cargo = Ecosystem("crates.io", "cargo", version_key)
hex_ = Ecosystem("Hex", "hex", version_key, str.lower)
pub = Ecosystem("Pub", "pub", built_key)
swift = Ecosystem("SwiftURL", "swift", version_key, repository)
bitnami = Ecosystem("Bitnami", "bitnami", bitnami_key, programs=tuple(_PROGRAMS.items()))
julia = Ecosystem("Julia", "julia", built_key)
actions = Ecosystem("GitHub Actions", "githubactions", version_key, str.lower)
