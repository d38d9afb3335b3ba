"""The kind of part that reads facts from a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from msgspec import Struct

from pratique.model.file import File
from pratique.model.inventory import Fact

Scanner = Literal["package", "secret", "misconfig", "license", "notice"]
"""`notice` reads what `license` reads, with the texts."""


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
    `<modes>` those whose permissions or size are out of the ordinary (`inventory/modes.py`)."""
    analyze: Callable[[File], Iterator[Fact]]
    reads: Literal["installed", "locked", "both"] = "installed"
    """`installed`: what is really there (images, rootfs); `locked`: what a project asks for."""
    scanner: Scanner = "package"
    """What it is for; it is asked where that is looked for."""
