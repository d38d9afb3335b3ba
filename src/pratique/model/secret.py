"""A secret that was left in an image or a project."""

from __future__ import annotations

from msgspec import Struct

CONFIGURATION = "image configuration"
"""The path of what stands in an image's environment, labels or history."""


class Secret(Struct, frozen=True, gc=False, array_like=True, tag="s", tag_field="kind"):
    """One secret: a fact of its file, and a finding as it stands. It is never kept whole."""

    path: str
    rule: str
    """The id of the rule that found it, Trivy's where both have it: `github-pat`."""
    category: str
    """Whose it is: GitHub, AWS, …"""
    title: str
    severity: str
    line: int
    """From 1; 0 where there are no lines."""
    end_line: int
    match: str
    """The line that it is in, with the secret masked."""
    mark: str = ""
    """Tells it from other secrets of the same rule in the same file without telling what it is."""
    layer: int = -1
    """Index of the layer that it is in; -1 before layers are stacked and outside of images."""
    removed: int = -1
    """Index of the later layer that deletes or covers its file: it is in the image all the same."""
    verified: str = ""
    """What its provider says of it, where that was asked for: `active`, `inactive`, …"""
    reason: str = ""
    """Why it does not count, where a rule of the user's says so."""
