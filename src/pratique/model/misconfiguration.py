"""A check that fails: what, where, and what to do about it."""

from __future__ import annotations

from msgspec import Struct

from pratique.model.check import Check, Edit


class Misconfiguration(Struct, frozen=True, gc=False):
    """One failure of one check."""

    check: str
    """The id: `DF-0001`."""
    aliases: tuple[str, ...]
    """Its ids elsewhere, Trivy's first."""
    type: str
    """The kind of configuration: dockerfile, kubernetes, …"""
    path: str
    """The file; or the image's name, for what is not in a file."""
    title: str
    why: str
    severity: str
    message: str
    resolution: str
    references: tuple[str, ...] = ()
    resource: str = ""
    start: int = 0
    """The first line, from 1; 0 where there is none."""
    end: int = 0
    code: tuple[str, ...] = ()
    """The lines from `start` to `end`."""
    fix: Edit | None = None
    layer: int = -1
    reason: str = ""
    """Why it does not count, where a rule of the user's says so."""
    namespace: str = ""
    """The Rego package of a check that is one."""
    remarks: tuple[str, ...] = ()
    """What bears on what to do about it: a rule that excused it is over."""


class Examined(Struct, frozen=True, gc=False):
    """A document that was judged, whatever came of it."""

    path: str
    type: str
    passed: int
    """Checks that hold."""
    failures: tuple[Misconfiguration, ...] = ()
    suppressed: tuple[Misconfiguration, ...] = ()
    """Failures that a rule of the user's judged away, each with its reason."""
    layer: int = -1
    held: tuple[Check, ...] = ()
    """The checks that hold, where they are asked for."""
