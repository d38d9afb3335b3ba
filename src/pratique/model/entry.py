"""Every finding of a report in one shape, for formats that list what is wrong, whatever it is."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pratique.model.finding import Finding
from pratique.model.origin import Origin

Kind = Literal["vulnerability", "secret", "misconfiguration", "license"]
LOOKED_FOR: dict[str, Kind] = {
    "vuln": "vulnerability", "misconfig": "misconfiguration", "secret": "secret",
    "license": "license",
}  # fmt: skip
"""What each scanner finds."""


class Entry(Struct, frozen=True, gc=False):
    """One finding: what it is, how bad, where, and what to do."""

    kind: Kind
    id: str
    """`CVE-…`, `DS-0002`, `github-pat`, `GPL-3.0-only`: with its kind, the rule that it breaks."""
    severity: str
    title: str
    """A few words; never empty."""
    message: str
    """One sentence that names what and where."""
    description: str
    """What is known of it, in Markdown or plain words; may be empty."""
    advice: str
    """What to do; empty where nothing is known."""
    fingerprint: str
    """The same for the same flaw in the same place, whatever the version, the tag, the layer."""
    url: str = ""
    references: tuple[str, ...] = ()
    package: str = ""
    version: str = ""
    purl: str = ""
    """With version; empty for what is in no package."""
    system: bool = False
    """Whether it is a package of the distribution."""
    fixed: tuple[str, ...] = ()
    path: str = ""
    """The file it is in or was read from, relative to the target."""
    line: int = 0
    """From 1; 0 where there is none."""
    end_line: int = 0
    layer: int = -1
    """Index of the layer that it is in; -1 outside of images."""
    from_base: bool = False
    origin: Origin | None = None
    """The instruction of the user's Dockerfile that made the layer."""
    finding: Finding | None = None
    """The whole of it, for a vulnerability."""
    reason: str = ""
    """Why it does not count."""
    category: str = ""
    """Of a licence: permissive, copyleft …"""
