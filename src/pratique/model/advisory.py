"""An advisory: which versions of a package a flaw affects, and how bad it is said to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from msgspec import Struct

Status = Literal[
    "unknown", "affected", "fixed", "under_investigation", "will_not_fix", "fix_deferred",
    "end_of_life", "not_affected",
]  # fmt: skip
SEVERITIES = ("UNKNOWN", "LOW", "MEDIUM", "HIGH", "CRITICAL")


class Range(Struct, frozen=True, gc=False, array_like=True):
    """Versions from `introduced` on, up to `fixed` (which is not affected) or `last` (which is).

    OSV's events in pairs; `introduced` "0" is before every version; neither end: all that follow.
    """

    introduced: str = "0"
    fixed: str = ""
    last: str = ""

    def written(self) -> str:
        """Return it as people write it: `>=1.0, <1.2`."""
        parts = [f">={self.introduced}"] if self.introduced != "0" else []
        if self.fixed:
            parts.append(f"<{self.fixed}")
        elif self.last:
            parts.append(f"<={self.last}")
        return ", ".join(parts) or "every version"


class Rating(Struct, frozen=True, gc=False, array_like=True):
    """What one source says of a flaw's severity."""

    source: str
    """nvd, ghsa, debian, ubuntu, redhat …"""
    severity: str = "UNKNOWN"
    vector: str = ""
    """The CVSS vector, v2, v3.x or v4.0."""
    score: float = 0.0
    """The base score of that vector, 0 to 10."""


class Advisory(Struct, frozen=True, gc=False, array_like=True):
    """What one record says of a flaw, apart from the packages that it affects."""

    id: str
    aliases: tuple[str, ...] = ()
    """Other ids of the same flaw."""
    covers: tuple[str, ...] = ()
    """The flaws that a vendor's bulletin (ALSA, RLSA …) fixes together, where it names several."""
    ratings: tuple[Rating, ...] = ()
    cwes: tuple[str, ...] = ()
    published: str = ""
    """RFC 3339, as its publisher wrote it."""
    modified: str = ""


class Affected(Struct, frozen=True, gc=False, array_like=True):
    """Which versions of one package one record affects."""

    ranges: tuple[Range, ...] = ()
    versions: tuple[str, ...] = ()
    """Affected versions named one by one, apart from those in the ranges."""
    status: Status = "affected"
    module: str = ""
    """The stream of rpm's modularity that the package is of: `nodejs:18`. Others have versions of
    their own."""
    number: int = 0
    """Under which its shard keeps the advisory."""
    channel: str = ""
    """The subscription that its fix needs, empty for everybody's: `Pro`, `Pro:FIPS` of Ubuntu."""
    remark: str = ""
    """What its publisher adds in a word or two: `unimportant` of Debian's, `malicious`."""
    arches: tuple[str, ...] = ()
    """The architectures that it is about, where others have versions of their own; none: all."""


class Prose(Struct, frozen=True, gc=False, array_like=True):
    """What a record says in words; read only for what is reported."""

    title: str = ""
    description: str = ""
    references: tuple[str, ...] = ()


class Exploited(Struct, frozen=True, gc=False, array_like=True):
    """An entry of CISA's catalogue of known exploited vulnerabilities."""

    added: str
    due: str
    ransomware: bool = False


class Epss(Struct, frozen=True, gc=False, array_like=True):
    """How likely a flaw is to be exploited within 30 days (https://www.first.org/epss/).

    Kept as whole numbers of hundred-thousandths, as they are published: floats take three times
    the room.
    """

    score_parts: int
    percentile_parts: int
    date: str = ""
    """The day of the model's run, `YYYY-MM-DD`."""

    @property
    def score(self) -> float:
        """A probability, 0 to 1."""
        return self.score_parts / 100_000

    @property
    def percentile(self) -> float:
        """The share of all flaws that score no higher, 0 to 1."""
        return self.percentile_parts / 100_000


class Flaw(Struct, frozen=True, gc=False, array_like=True):
    """What is known of a CVE apart from any package."""

    ratings: tuple[Rating, ...] = ()
    cwes: tuple[str, ...] = ()
    exploited: Exploited | None = None
    epss: Epss | None = None


NOTHING = Flaw()


class Shard(Struct, frozen=True, gc=False):
    """One file of the database, as a report names it."""

    name: str
    """The ecosystem with its release (`Debian:12`), or `CVE` for what is known of flaws."""
    source: str
    """Where its records come from."""
    built: str
    """When it was last compared with its source, RFC 3339 in UTC."""
    newest: str
    """The newest `modified` of its records."""
    records: int
    starter: bool = False
    """Whether it is the small one that ships with Pratique."""
    size: int = 0
    """Bytes of its file."""
    feeds: tuple[str, ...] = ()
    """The feeds that it was made of."""


class Advisories(Protocol):
    """Where advisories are looked up."""

    def has(self, ecosystem: str) -> bool:
        """Tell whether there is a shard."""

    def about(self, ecosystem: str, name: str) -> Sequence[Affected] | None:
        """Return what is known of a package, or None where there is no such shard."""

    def advisory(self, ecosystem: str, number: int) -> Advisory:
        """Return the advisory that an affected package names."""

    def flaw(self, id: str) -> Flaw:
        """Return what is known of a CVE, empty where nothing is."""

    def prose(self, ecosystem: str, number: int) -> Prose:
        """Return an advisory's words, empty where there are none."""

    def shards(self) -> Sequence[Shard]:
        """Return the shards that were opened so far."""
