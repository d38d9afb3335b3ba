"""A finding: an advisory that affects a package."""

from __future__ import annotations

from msgspec import Struct

from pratique.model.advisory import Epss, Exploited, Prose, Rating, Status
from pratique.model.inventory import Package


class Finding(Struct, frozen=True, gc=False):
    """One flaw in one package, however many records describe it."""

    package: Package
    id: str
    """The CVE where there is one, otherwise the GHSA id, otherwise the record's own."""
    aliases: tuple[str, ...]
    """Every other id of the flaw."""
    records: tuple[str, ...]
    """The records that matched."""
    numbers: tuple[int, ...]
    """Under which the shard keeps them."""
    ecosystem: str
    """The shard that they are in: `PyPI`, `Debian:12`."""
    affected: tuple[str, ...]
    """The stretches of versions that matched, written as `>=1.0, <1.2`."""
    fixed: tuple[str, ...]
    """Versions above the installed one that are not affected, the nearest first."""
    severity: str
    severity_source: str
    """Who says so."""
    ratings: tuple[Rating, ...]
    """What everybody says."""
    status: Status
    exploited: Exploited | None = None
    epss: Epss | None = None
    cwes: tuple[str, ...] = ()
    published: str = ""
    modified: str = ""
    reason: str = ""
    """Why the status is what it is, where evidence or a rule of the user's decided."""
    prose: Prose = Prose()
    """Title, description and references, where a format asks for them."""
    remarks: tuple[str, ...] = ()
    """What bears on what to do about it: malicious, unimportant to its distribution, a fix that
    needs a subscription."""
