"""A change: what an update brought, so that alerts can be raised without scanning again."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Change(Struct, frozen=True, gc=False):
    """One record about one package (or, in `KEV` and `CVE:…`, about a CVE) before and after."""

    kind: Literal["added", "changed", "withdrawn"]
    id: str
    """Of the record."""
    package: str = ""
    """Empty for what is known of a CVE apart from any package."""
    aliases: tuple[str, ...] = ()
    """Other ids of the flaw, and the flaws that a bulletin covers."""
    severity: str = "UNKNOWN"
    """The highest that the record states."""
    affected: tuple[str, ...] = ()
    """The stretches of versions that are affected now, written as `>=1.0, <1.2`; before, where
    the record was withdrawn."""
    fixed: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    """The stretches that were affected before, where they differ."""
    exploited: bool = False
    """Whether it is in CISA's catalogue of what is exploited."""
