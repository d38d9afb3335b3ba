"""The kind of part that knows how an ecosystem orders versions and writes names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct

from pratique.model.inventory import Distro


def _same(name: str) -> str:
    return name


class Ecosystem(Struct, frozen=True):
    """One of OSV's ecosystems (https://ossf.github.io/osv-schema/#affectedpackage-field)."""

    name: str
    """OSV's name without the release: PyPI, npm, Debian, `Rocky Linux`."""
    purl_type: str
    version_key: Callable[[str], Any]
    """A key that sorts as the ecosystem does; raises ValueError for what is no version."""
    canonical: Callable[[str], str] = _same
    """The one way to write a package's name (PEP 503 for PyPI, lower case for …)."""
    namespace: str = ""
    """The purl namespace of a distribution's packages: debian, alpine, almalinux …"""
    distros: tuple[str, ...] = ()
    """os-release IDs that it serves; empty for a language's ecosystem."""
    release: Callable[[Distro], str] | None = None
    """OSV's suffix for a release (`12`, `v3.20`), empty where OSV uses none."""
    named_by: Literal["source", "binary", "both"] = "binary"
    """Whether advisories name source packages or the binary ones built of them."""
    fold: Callable[[str], str] = _same
    """The shard's release for what a record writes after the colon: Red Hat's records are split
    by repository, SUSE's by module, and one shard holds those of a release."""
