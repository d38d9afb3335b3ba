"""The kind of part that writes reports down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from pratique.model.report import Report
from pratique.model.settings import Settings


class Look(Struct, frozen=True):
    """How the place that a report goes to shows text."""

    width: int = 0
    """Columns; 0 for a file or a pipe, where nothing is cut."""
    color: bool = False


class Format(Struct, frozen=True):
    """A name and a function from reports to text, which ends in a newline."""

    name: str
    render: Callable[[Sequence[Report], Settings, Look], str]
    finds: bool = True
    """Whether findings are written; where they are not, none are looked for."""
    scanners: tuple[str, ...] = ()
    """What is read of an image where no findings are written."""
    pieces: Callable[[Sequence[Report], Settings, Look], Iterator[str]] | None = None
    """The same text piece by piece, where a document may be large."""
