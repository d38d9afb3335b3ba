"""Fedora: the bulletins of Bodhi out of its updates repository; old releases are in the archive."""

from __future__ import annotations

import re

from pratique.codecs import updateinfo

_UPDATES = "https://dl.fedoraproject.org/pub/fedora/linux/updates"
_ARCHIVE = "https://archives.fedoraproject.org/pub/archive/fedora/linux/updates"
_FIRST_WITH_MODULES_MERGED = 28  # before, a release had other folders
_CURRENT = ("43", "44", "45")
_RELEASE = re.compile(r"/updates/(\d+)/", re.ASCII)


def _in(root: str, shard: str) -> tuple[str, ...]:
    family, _, release = shard.partition(":")
    if family != "Fedora":
        return ()
    releases = _CURRENT if release == "*" else (release,)
    return tuple(
        f"{root}/{name}/{folder}/x86_64/repodata/repomd.xml"
        for name in releases if name.isdigit() and int(name) >= _FIRST_WITH_MODULES_MERGED
        for folder in _folders(int(name))
    )  # fmt: skip


def _folders(release: int) -> tuple[str, ...]:
    return ("Everything", "Modular") if release < 39 else ("Everything",)


def documents(shard: str) -> tuple[str, ...]:
    """Return the repomd.xml of a release's updates."""
    return _in(_UPDATES, shard)


def archived(shard: str) -> tuple[str, ...]:
    """Return the same where releases go that have ended."""
    return _in(_ARCHIVE, shard)


def _ecosystem(address: str) -> str:
    match = _RELEASE.search(address)
    return f"Fedora:{match[1]}" if match else ""


feed = updateinfo.feed(
    "fedora", documents, _ecosystem, offers=tuple(f"Fedora:{n}" for n in _CURRENT)
)
archive = updateinfo.feed("fedora-archive", archived, _ecosystem, rank=1)
