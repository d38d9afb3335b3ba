"""What the parts of a patch of an application have in common."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from pratique.model.finding import Finding
from pratique.patch.model import Stays, Upgraded


class Part(Struct, frozen=True):
    """What is done to the packages of one language."""

    upgraded: tuple[Upgraded, ...]
    stays: tuple[Stays, ...]
    notes: tuple[str, ...] = ()


def left(findings: Iterable[Finding], why: str) -> list[Stays]:
    """Return the packages of findings as staying, for one reason."""
    found = {(f.package.name, f.package.version) for f in findings}
    return [Stays(name, version, why) for name, version in sorted(found)]
