"""What a user's configuration says of licences."""

from __future__ import annotations

from msgspec import Struct


class Exemption(Struct, frozen=True):
    """A package whose licence is accepted, why and until when."""

    package: str
    """Its name; `*` stands for any part of one."""
    reason: str
    version: str = ""
    license: str = ""
    """Only if its licence is this one."""
    until: str = ""
    """The first day on which it no longer counts."""


class Policy(Struct, frozen=True):
    """The section `license` of a configuration file; entries are SPDX ids or categories."""

    allowed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    classes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Trivy's lists: which ids are forbidden, restricted …"""
    exceptions: tuple[Exemption, ...] = ()
