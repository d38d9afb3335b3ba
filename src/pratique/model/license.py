"""Licences: those that packages state, those that files hold, and what they ask of a user."""

from __future__ import annotations

from msgspec import Struct


class LicenseText(Struct, frozen=True, gc=False, array_like=True, tag="l", tag_field="kind"):
    """A file that states or holds licences: LICENSE, COPYING, a dpkg `copyright`."""

    path: str
    licenses: tuple[str, ...]
    """SPDX expressions or ids; names as the file has them where SPDX knows none."""
    confidence: float = 1.0
    """How much of the text is the licence's, 0 to 1; 1 where the file names it."""
    package: str = ""
    """The package that it is of, where its path tells."""
    layer: int = -1
    """Index of the layer that it is in."""
    copyrights: tuple[str, ...] = ()
    """The lines that claim a copyright, some dozens at most."""
    text: str = ""
    """The file itself, where an attribution is to be written; cut after 128 KiB."""


class LicenseFinding(Struct, frozen=True, gc=False):
    """A licence of a package or of a file, and the category that it is in."""

    name: str
    """The SPDX id or expression; the name as found where SPDX has none; `unknown` for none."""
    category: str
    """permissive, weak-copyleft, copyleft, network-copyleft, commercial, …, unknown."""
    severity: str
    package: str = ""
    """Empty for a file."""
    version: str = ""
    type: str = ""
    """The package's purl type, or empty."""
    analyzer: str = ""
    path: str = ""
    confidence: float = 1.0
    layer: int = -1
    remark: str = ""
    """A conflict with another licence of the same image, or what the policy says."""
    reason: str = ""
    """Why it does not count, where a rule of the user's says so."""
    google_class: str = "unknown"
    """The category in Google's words, which Trivy uses: forbidden, restricted, notice …"""
    verdict: str = ""
    """What the policy says: `allowed`, `needs review`, `denied`, or empty."""
    rule: str = ""
    """The rule of the policy that says so: `license.denied: AGPL-3.0-only`."""
