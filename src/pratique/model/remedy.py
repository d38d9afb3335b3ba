"""The kind of part that changes one kind of manifest, and what it is asked to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from pratique.model.upgrade import Level


class Bump(Struct, frozen=True):
    """One package that a manifest names, to another version."""

    name: str
    type: str
    path: str
    """Of the file that names it, relative to the project: what the analyzer read."""
    analyzer: str
    installed: tuple[str, ...]
    to: str
    level: Level
    risk: int
    """What it removes, weighed."""
    direct: bool
    attempt: int = 0
    """How often it was tried without effect: a part may try harder then, such as override."""
    lesser: tuple[str, ...] = ()
    """Lower versions that remove less, the most first, should this one not go with the rest."""
    brings: tuple[str, ...] = ()
    """The packages for whose sake it is made: it needs newer ones of these."""
    needed_by: tuple[str, ...] = ()
    """The packages that need the installed versions, by their names."""
    beside: tuple[str, ...] = ()
    """Other versions of it that the same file locks, which are to stay."""

    @property
    def key(self) -> tuple[str, str]:
        return self.path, self.name


class Project(Protocol):
    """A copy of the user's project that may be changed; paths are relative to it."""

    @property
    def is_offline(self) -> bool: ...

    @property
    def may_build(self) -> bool:
        """Whether tools may build packages to know what they need, which runs code of theirs."""

    def text(self, path: str) -> str | None:
        """Return a file's text with its line ends, or None where there is none."""

    def write(self, path: str, text: str) -> None: ...

    def matching(self, glob: str) -> Sequence[str]:
        """Return the paths of files that a glob names; `*` does not cross a `/`."""

    def tool(self, *names: str) -> str:
        """Return the first of these programs that this machine has, or nothing; offline never."""

    def run(
        self, words: Sequence[str], folder: str = "", environment: Mapping[str, str] | None = None
    ) -> str:
        """Return what a program writes in a folder; raises MalformedError with its complaint."""

    def fetch(self, url: str, accept: str) -> bytes:
        """Return what a URL answers with; raises SourceError."""


Raised = Callable[[Project, str, Bump, Mapping[str, str], Iterable[str]], Mapping[str, str]]
"""Takes a path, a bump that is refused, the direct packages with their versions, and the names of
those that may move; returns the lowest versions of these that go with the bump."""


class Remedy(Struct, frozen=True):
    """How one kind of manifest is changed."""

    name: str
    analyzers: tuple[str, ...]
    """The `Package.analyzer` of what it changes."""
    files: tuple[str, ...]
    """Globs for the names of the files that it may change; all others stay as they are."""
    versions: Callable[[Project, str, str], Sequence[str]]
    """Takes a path and a package's name; returns the versions that its index has and has not
    withdrawn. Raises PratiqueError where it cannot be asked."""
    apply: Callable[[Project, str, Sequence[Bump]], Iterable[str]]
    """Changes the files for a path; yields what is to be said of it. Raises MalformedError where
    these versions do not go together."""
    attempts: int = 1
    """How often a package that does not move is tried, see `Bump.attempt`."""
    raised: Raised | None = None
    """Tells which direct packages have to be newer for a bump; without it some are tried."""
