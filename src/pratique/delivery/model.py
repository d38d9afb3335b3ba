"""What is to be delivered, and the kind of part that speaks to one forge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol
from urllib.parse import quote

from msgspec import Struct

from pratique.workspace import Altered

MARK, WITHDRAWN = "pratique-plan:", "pratique-withdrawn:"
TRAILER = "Pratique-Plan"
"""Ends the commit message with the plan, so that a branch of ours is told from others."""


class Wanted(Struct, frozen=True):
    """One request."""

    branch: str
    title: str
    body: str
    """Markdown."""
    message: str
    """Of the commit."""
    altered: tuple[Altered, ...]
    plan: str
    """A digest of what is changed: the same for the same change."""
    labels: tuple[str, ...] = ()
    draft: bool = False
    family: str = ""
    """What is planned for: the requests of one family take each other's place."""

    @property
    def mark(self) -> str:
        """What the body ends with, which nobody sees."""
        return mark_of(self.plan, self.family)


def mark_of(plan: str, family: str) -> str:
    return f"<!-- {MARK} {plan} {family_mark(family)}"


def family_mark(family: str) -> str:
    """Return how marks of a family end."""
    return f"of {quote(family, safe='/').replace('--', '%2D%2D')} -->"


class Opened(Struct, frozen=True):
    """A request that a forge has."""

    number: int
    url: str
    is_open: bool
    is_merged: bool
    body: str
    title: str = ""
    branch: str = ""
    """Its own; empty where it is one of another repository."""


class Forge(Protocol):
    """One project on a forge."""

    def requests(self, branch: str) -> Sequence[Opened]:
        """Return the requests of a branch, open or not, the newest first; raises SourceError."""

    def open(self, wanted: Wanted, base: str) -> Opened:
        """Open a request into a branch."""

    def update(self, opened: Opened, wanted: Wanted) -> None:
        """Change the words of a request."""

    def all_open(self) -> Sequence[Opened]:
        """Return every request that is open."""

    def withdraw(self, opened: Opened, why: str) -> None:
        """Say why, and close; the plan is taken from its mark, so that it may be opened again."""

    def close(self) -> None: ...

    def credentials(self) -> tuple[str, str]:
        """Return the name and the word that git pushes with."""


Place = tuple[str, str]
"""A host, and the path of a project there."""


class Kind(Struct, frozen=True):
    """How a forge is found and spoken to."""

    name: str
    home: str
    """The host that is its own: a token of another forge is not sent there."""
    tokens: tuple[str, ...]
    """Environment variables that hold a token, what counts most first."""
    connect: Callable[[Place, str, bool, str], Forge]
    """Takes the place, a token, whether certificates are not checked, and a file of authorities."""
