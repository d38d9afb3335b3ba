"""Debian's versions (Debian Policy 5.6.12, deb-version(7)): Debian, Ubuntu and their relatives."""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem
from pratique.model.inventory import Distro

_DIGITS = re.compile(r"(\d+)", re.ASCII)
_VALID = re.compile(r"[A-Za-z0-9.+~:-]+", re.ASCII)
# within a part without digits: `~` before the end, the end before letters, letters before others
_END = "\x02"
_ORDER = {ord("~"): "\x01"} | {ord(c): chr(0x100 + ord(c)) for c in "+-.:"}
_Part = tuple[str | int, ...]


@lru_cache(maxsize=16384)
def version_key(version: str) -> tuple[int, _Part, _Part]:
    """Return a key that sorts as dpkg does; raises ValueError for what is no version.

    A missing epoch or revision is 0. That a version ought to begin with a digit is not held
    against it, as dpkg only warns of it.
    """
    epoch, colon, rest = version.strip().partition(":")
    if not colon:
        epoch, rest = "0", epoch
    upstream, dash, revision = rest.rpartition("-")
    if not dash:
        upstream, revision = rest, "0"
    if not (epoch.isdigit() and upstream and revision and _VALID.fullmatch(rest)):
        raise ValueError(version)
    return int(epoch), _part(upstream), _part(revision)


def _part(text: str) -> _Part:
    """Return what verrevcmp() compares by turns: a run without digits, then a number."""
    runs = _DIGITS.split(text)
    if runs[-1]:
        runs += ("0", "")
    key: list[str | int] = [*runs]
    key[::2] = map(_word, runs[::2])
    key[1::2] = map(int, runs[1::2])
    return tuple(key)


@lru_cache(maxsize=1024)
def _word(text: str) -> str:
    return text.translate(_ORDER) + _END


# https://debian.pages.debian.net/distro-info-data/debian.csv; unstable has no records of its own,
# but those of the release that is made of it
_DEBIAN = {
    "squeeze": "6", "wheezy": "7", "jessie": "8", "stretch": "9", "buster": "10",
    "bullseye": "11", "bookworm": "12", "trixie": "13", "forky": "14", "sid": "14", "duke": "15",
}  # fmt: skip
_LTS = re.compile(r"(?:6\.06|\d?[02468]\.04)")


def _debian_release(distro: Distro) -> str:
    """Return the number of a release, by its name where os-release tells none (testing, sid)."""
    return _DEBIAN.get(distro.codename.partition("/")[0]) or distro.version.partition(".")[0]


def _ubuntu_release(distro: Distro) -> str:
    """Return `22.04:LTS` or `23.10`."""
    version = ".".join(distro.version.split(".")[:2])
    return f"{version}:LTS" if _LTS.fullmatch(version) else version


def _ubuntu_fold(release: str) -> str:
    """Put `Pro:18.04:LTS` and `Pro:FIPS-updates:18.04:LTS` beside `18.04:LTS`.

    What Ubuntu Pro maintains has no record of its own under the plain release, so that whoever is
    without Pro is affected as well. The records' channel keeps them apart.
    """
    parts = [part for part in release.split(":") if part[:1].isdigit() or part == "LTS"]
    return ":".join(parts)


debian = Ecosystem(
    "Debian", "deb", version_key, namespace="debian", distros=("debian", "raspbian"),
    release=_debian_release, named_by="source",
)  # fmt: skip
ubuntu = Ecosystem(
    "Ubuntu", "deb", version_key, namespace="ubuntu", distros=("ubuntu",),
    release=_ubuntu_release, fold=_ubuntu_fold, named_by="source",
)  # fmt: skip
echo = Ecosystem(
    "Echo", "deb", version_key, namespace="echo", distros=("echo",), named_by="source"
)  # fmt: skip
