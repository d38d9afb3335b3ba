"""Debian's versions (Debian Policy 5.6.12, deb-version(7)): Debian, Ubuntu and their relatives."""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem
from pratique.model.inventory import Distro

_PART = re.compile(r"(\D*)(\d*)")
_VALID = re.compile(r"(?:(\d+):)?([A-Za-z0-9.+~:-]+)", re.ASCII)
# within a part without digits: `~` before the end, the end before letters, letters before others
_END = "\x02"
_ORDER = {ord("~"): "\x01"} | {ord(c): chr(0x100 + ord(c)) for c in "+-.:_"}
_Part = tuple[str | int, ...]


@lru_cache(maxsize=65536)
def version_key(version: str) -> tuple[int, _Part, _Part]:
    """Return a key that sorts as dpkg does; raises ValueError for what is no version."""
    match = _VALID.fullmatch(version.strip())
    if match is None:
        raise ValueError(version)
    upstream, dash, revision = match[2].rpartition("-")
    if not dash:
        upstream, revision = match[2], ""
    return int(match[1] or 0), _part(upstream), _part(revision)


def _part(text: str) -> _Part:
    key: list[str | int] = []
    for letters, digits in _PART.findall(text):
        if letters or digits or not key:
            key += (letters.translate(_ORDER) + _END, int(digits or 0))
    return (*key, _END)


_DEBIAN = {
    "squeeze": "6", "wheezy": "7", "jessie": "8", "stretch": "9", "buster": "10",
    "bullseye": "11", "bookworm": "12", "trixie": "13", "forky": "14", "duke": "15",
}  # fmt: skip
_LTS = re.compile(r"\d[02468]\.04")


def _debian_release(distro: Distro) -> str:
    return _DEBIAN.get(distro.codename.partition("/")[0]) or distro.version.partition(".")[0]


def _ubuntu_release(distro: Distro) -> str:
    version = ".".join(distro.version.split(".")[:2])
    return f"{version}:LTS" if _LTS.fullmatch(version) else version


debian = Ecosystem(
    "Debian", "deb", version_key, namespace="debian", distros=("debian",),
    release=_debian_release, named_by="source",
)  # fmt: skip
ubuntu = Ecosystem(
    "Ubuntu", "deb", version_key, namespace="ubuntu", distros=("ubuntu",),
    release=_ubuntu_release, named_by="source",
)  # fmt: skip
echo = Ecosystem(
    "Echo", "deb", version_key, namespace="echo", distros=("echo",), named_by="source"
)  # fmt: skip
