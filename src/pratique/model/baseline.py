"""What a report is held against, and how each of its findings stands to that."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pratique.model.entry import Entry

State = Literal["new", "unchanged", "disclosed"]
"""`disclosed`: the package was the same before, and the advisory is younger than that report."""


class Baseline(Struct, frozen=True):
    """An earlier report of the same thing, or the report of another one."""

    name: str
    created: str
    """When it was made, RFC 3339."""
    states: dict[str, State]
    """Of each finding of the report, by its fingerprint."""
    fixed: tuple[Entry, ...] = ()
    """What the baseline has, and the report has not."""
