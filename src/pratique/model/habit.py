"""The kind of part that proposes a better habit for a Dockerfile, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from pratique.model.check import Edit
from pratique.model.misconfiguration import Misconfiguration


class Proposal(Struct, frozen=True):
    """One change to a Dockerfile or a file beside it; with neither it is advice."""

    what: str
    """What is done, or what is worth doing."""
    risk: str = ""
    """What may no longer work, for whoever reads the plan."""
    edits: tuple[Edit, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    """Files of the context, by path, and their whole new text."""

    @property
    def is_advice(self) -> bool:
        return not self.edits and not self.files


class Habit(Struct, frozen=True):
    """One thing that Dockerfiles are to do, and how they are brought to it."""

    name: str
    order: int
    """Those that come first change what those after them see."""
    propose: Callable[[Any], Iterable[Proposal]]
    """Takes a `codecs.dockerfile.situation.Situation`; proposes changes of what it is certain."""


class Mended(Struct, frozen=True):
    """A change that was made, with what checks say of it."""

    habit: str
    what: str
    path: str
    risk: str
    removes: tuple[Misconfiguration, ...] = ()
    brings: tuple[Misconfiguration, ...] = ()
