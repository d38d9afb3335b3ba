"""The kind of part that tells what a secret looks like."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct


class SecretRule(Struct, frozen=True):
    """One kind of secret. Its pattern is of `re` and of hyperscan alike: no look-around, no
    back-reference, every repeat bounded, bytes of ASCII.
    """

    name: str
    """The id, Trivy's where it has the same rule: `github-pat`."""
    category: str
    """Whose it is: GitHub, AWS, …"""
    title: str
    severity: str
    pattern: str
    """Finds it; the group `secret` is what is masked, the whole match where there is no group."""
    keywords: tuple[str, ...] = ()
    """Lower-case texts of which one stands in the match or on its line, whatever the case. A rule
    without one is matched against everything, so that its pattern must start with a rare literal.
    """
    paths: tuple[str, ...] = ()
    """Globs of the only files that it is looked for in; any file where there is none."""
    holds: Callable[[str], bool] | None = None
    """What else must hold of the secret: a checksum, enough entropy."""
    least_entropy: float = 0.0
    """Shannon entropy of the secret, in bits a character, below which it is a placeholder."""
