"""A policy: gates that a report must pass, and the verdict that they come to."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pratique.model.entry import Entry, Kind
from pratique.model.upgrade import Change

Action = Literal["deny", "warn"]


class FindingGate(Struct, frozen=True, kw_only=True):
    """What findings must not be there. Every condition that is stated must hold of a finding."""

    name: str
    action: Action = "deny"
    on: tuple[Kind, ...] = ("vulnerability",)
    severity: str = ""
    """At least."""
    fixable: bool | None = None
    exploited: bool | None = None
    """Known to be exploited (CISA KEV)."""
    epss: float | None = None
    """At least, 0 to 1."""
    known_for: float | None = None
    """Days since the flaw was published, at least: a grace period for what is young."""
    id: tuple[str, ...] = ()
    package: tuple[str, ...] = ()
    """Globs of names, as are paths."""
    path: tuple[str, ...] = ()
    license: tuple[str, ...] = ()
    """Ids, expressions or categories."""
    origin: str = ""
    """`base` or `app`."""
    state: tuple[str, ...] = ()
    """Against the baseline: new, disclosed, unchanged. With a baseline and none stated: new."""
    allow: int = 0
    """How many of them there may be."""
    when: str = ""
    """A CEL expression over `finding` and `report`, for what the others cannot say."""
    until: str = ""
    """Before this day it only warns."""


class ReportGate(Struct, frozen=True, kw_only=True):
    """What must hold of the image or project as a whole."""

    name: str
    action: Action = "deny"
    base: tuple[str, ...] = ()
    """Globs of base images, one of which it must be built on."""
    base_age: float | None = None
    """Days that the base image's last layer may be old."""
    base_pinned: bool | None = None
    """True: the base image must be named by its digest, in the Dockerfile or a label."""
    age: float | None = None
    """Days that the image may be old."""
    user: str = ""
    """`non-root`: that its processes must not run as root."""
    size: int | None = None
    """Bytes of its layers as stored."""
    end_of_life: bool | None = None
    """False: neither distribution nor runtime may be past its end."""
    unchecked: int | None = None
    """How many things may be left unread or unjudged."""
    database_age: float | None = None
    """Hours that the advisories used may be old."""
    scanners: tuple[str, ...] = ()
    """What must have been looked for."""
    when: str = ""
    """A CEL expression over `report` that is true where it fails."""
    until: str = ""


Gate = FindingGate | ReportGate


class Policy(Struct, frozen=True):
    """The gates of one environment."""

    name: str
    gates: tuple[Gate, ...]
    environment: str = ""
    required: tuple[str, ...] = ()
    """What every exception must state: reason, owner, expires, ticket, approver, scope."""


class Breach(Struct, frozen=True):
    """A gate that a report does not pass."""

    gate: str
    action: Action
    what: str
    """One sentence: what was found, and what is allowed."""
    advice: str
    """What would satisfy it."""
    entries: tuple[Entry, ...] = ()
    changes: tuple[Change, ...] = ()
    """Upgrades that would do, the shortest list that is known."""
    reason: str = ""
    """Why a gate that denies only warns: its day has not come."""


class Verdict(Struct, frozen=True):
    """What a policy says of a report."""

    policy: str
    environment: str
    gates: int
    breaches: tuple[Breach, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is denied; warnings pass."""
        return all(breach.action == "warn" for breach in self.breaches)
