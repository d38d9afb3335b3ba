"""The kind of part that reads facts from a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from pratique.model.file import File
from pratique.model.inventory import Fact, Problem

Scanner = Literal["package", "secret", "misconfig", "license", "notice"]
"""`notice` reads what `license` reads, with the texts."""


class Stretch(NamedTuple):
    """A file that lies whole in a block of bytes."""

    start: int
    end: int
    path: bytes


Search = Callable[[bytes, Sequence[Stretch]], Iterator[Fact | Problem]]
"""Gives the facts of many files, which lie in one block in this order."""


class Analyzer(Struct, frozen=True):
    """A name, the files it wants, and a function from one of them to facts.

    `analyze` raises MalformedError (and nothing else) where a file does not follow its format,
    after yielding what it could read. It gets one file at a time, so that memory stays bounded.
    """

    name: str
    """Trivy's word for the type of its results: dpkg, python-pkg, jar, gobinary …"""
    version: int
    """Part of the cache key of an analyzer from outside; ours are keyed by their source."""
    paths: tuple[str, ...]
    """Globs. `/etc/x` is anchored at the root, `b/c.txt` matches at any depth; `*` stops at `/`.
    The special glob `<executable>` means every ELF, PE or Mach-O file with an execute bit; the
    special glob `<paths>` the list of all paths of a layer that are no directories, a line each;
    `<modes>` those whose permissions or size are out of the ordinary (`inventory/modes.py`);
    `<text>` every file that has content and whose start is that of a text."""
    analyze: Callable[[File], Iterator[Fact]]
    reads: Literal["installed", "locked", "both"] = "installed"
    """`installed`: what is really there (images, rootfs); `locked`: what a project asks for."""
    scanner: Scanner = "package"
    """What it is for; it is asked where that is looked for."""
    search: Search | None = None
    """The same as `analyze` for files of `<text>` that are small and lie side by side: there are so
    many that one at a time would take longer than to look through them. No fact but Secret."""
