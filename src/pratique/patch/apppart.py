"""What the parts of a patch of an application have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from pratique.model.finding import Finding
from pratique.model.image import Image
from pratique.model.report import Report
from pratique.net import Client
from pratique.patch.imagefiles import ImageFiles
from pratique.patch.model import Order, Stays, Upgraded
from pratique.patch.pythonlinks import Sources
from pratique.patch.root import Root


class Task(Struct, frozen=True):
    """What is to be patched, and by what."""

    root: Root
    image: Image
    files: ImageFiles
    sources: Sources
    report: Report
    order: Order
    client: Client
    folder: str
    """For what is needed until the patch is made."""
    floors: Mapping[str, str] = {}
    """Which versions are too low, or have flaws of their own."""


class Part(Struct, frozen=True):
    """What is done to the packages of one language."""

    upgraded: tuple[Upgraded, ...]
    stays: tuple[Stays, ...]
    notes: tuple[str, ...] = ()


def left(findings: Iterable[Finding], why: str) -> list[Stays]:
    """Return the packages of findings as staying, for one reason."""
    found = {(f.package.name, f.package.version) for f in findings}
    return [Stays(name, version, why) for name, version in sorted(found)]
