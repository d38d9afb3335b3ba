"""Rocky Linux: RLSA bulletins out of its own repositories; they name streams, OSV's may not."""

from __future__ import annotations

import re

from pratique.codecs import updateinfo

_HOST = "https://dl.rockylinux.org/pub/rocky"
_REPOSITORIES = {
    "8": ("BaseOS", "AppStream", "PowerTools", "extras"),
    "9": ("BaseOS", "AppStream", "CRB", "extras"),
    "10": ("BaseOS", "AppStream", "CRB", "extras"),
}
_RELEASE = re.compile(r"/pub/rocky/(\d+)[./]", re.ASCII)


def documents(shard: str) -> tuple[str, ...]:
    """Return the repomd.xml of a release's repositories."""
    family, _, release = shard.partition(":")
    if family != "Rocky Linux":
        return ()
    chosen = _REPOSITORIES if release == "*" else {release} & _REPOSITORIES.keys()
    return tuple(
        f"{_HOST}/{name}/{repository}/x86_64/os/repodata/repomd.xml"
        for name in sorted(chosen) for repository in _REPOSITORIES[name]
    )  # fmt: skip


def _ecosystem(address: str) -> str:
    match = _RELEASE.search(address)
    return f"Rocky Linux:{match[1]}" if match else ""


feed = updateinfo.feed(
    "rocky", documents, _ecosystem, offers=tuple(f"Rocky Linux:{n}" for n in _REPOSITORIES)
)
