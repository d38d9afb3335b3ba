"""An upgrade: one package to one version, and what that removes."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pratique.model.finding import Finding

Level = Literal["patch", "minor", "major", "system"]


class Upgrade(Struct, frozen=True):
    """One package, wherever it is, to the lowest version that removes most of its flaws."""

    name: str
    """For a system's package the source that it and its siblings are built from."""
    type: str
    """The purl type."""
    installed: tuple[str, ...]
    to: str
    level: Level
    """How far it goes, by the version's first numbers; `system` where a distribution decides."""
    removes: tuple[Finding, ...]
    remaining: tuple[Finding, ...]
    """Flaws of the same package that this version still has, or that have no fix."""
    packages: tuple[str, ...] = ()
    """The names of the installed packages that are to be upgraded."""


class Change(Struct, frozen=True):
    """One thing to do: all upgrades of the distribution together, or one dependency."""

    upgrades: tuple[Upgrade, ...]
    removes: tuple[Finding, ...]

    @property
    def is_system(self) -> bool:
        return self.upgrades[0].level == "system"
