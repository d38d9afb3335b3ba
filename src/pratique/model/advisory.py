"""An advisory: which versions of a package a flaw affects, and how bad it is said to be."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Status = Literal[
    "unknown", "affected", "fixed", "under_investigation", "will_not_fix", "fix_deferred",
    "end_of_life", "not_affected",
]  # fmt: skip
SEVERITIES = ("UNKNOWN", "LOW", "MEDIUM", "HIGH", "CRITICAL")


class Range(Struct, frozen=True, gc=False, array_like=True, omit_defaults=True):
    """Versions from `introduced` on, up to `fixed` (which is not affected) or `last` (which is).

    OSV's events in pairs; `introduced` "0" is before every version; neither end: all that follow.
    """

    introduced: str = "0"
    fixed: str = ""
    last: str = ""


class Rating(Struct, frozen=True, gc=False, array_like=True, omit_defaults=True):
    """What one source says of a flaw's severity."""

    source: str
    """nvd, ghsa, debian, ubuntu, redhat …"""
    severity: str = "UNKNOWN"
    vector: str = ""
    """The CVSS vector, v2, v3.x or v4.0."""
    score: float = 0.0
    """The base score of that vector, 0 to 10."""


class Advisory(Struct, frozen=True, gc=False, array_like=True, omit_defaults=True):
    """What one record says of one package."""

    id: str
    aliases: tuple[str, ...] = ()
    """Other ids of the same flaw."""
    ranges: tuple[Range, ...] = ()
    versions: tuple[str, ...] = ()
    """Affected versions named one by one."""
    ratings: tuple[Rating, ...] = ()
    covers: tuple[str, ...] = ()
    """The flaws that a vendor's bulletin (ALSA, RLSA …) fixes together, where it names several."""
    status: Status = "affected"
    published: str = ""
    modified: str = ""
    symbols: tuple[str, ...] = ()
    cwes: tuple[str, ...] = ()


class Exploited(Struct, frozen=True, gc=False, array_like=True):
    """An entry of CISA's catalogue of known exploited vulnerabilities."""

    added: str
    due: str
    ransomware: bool = False


class Flaw(Struct, frozen=True, gc=False, array_like=True, omit_defaults=True):
    """What is known of a CVE apart from any package."""

    ratings: tuple[Rating, ...] = ()
    cwes: tuple[str, ...] = ()
    exploited: Exploited | None = None
