"""The kind of part that knows who publishes advisories, where, and in which form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from msgspec import Struct

from pratique.model.advisory import Advisory, Affected, Flaw, Prose


class About(Struct, frozen=True, gc=False):
    """One package of one record, on its way into a shard."""

    ecosystem: str
    """OSV's name with the release: `Debian:12`."""
    name: str
    affected: Affected
    advisory: Advisory
    prose: Prose = Prose()


class Known(Struct, frozen=True, gc=False):
    """What a feed knows of a CVE."""

    id: str
    flaw: Flaw


class Feed(Struct, frozen=True):
    """A name, the addresses of its documents, and a function from one of them to records."""

    name: str
    documents: Callable[[str], tuple[str, ...]]
    """The https addresses that hold an ecosystem (without release), or `CVE`; none: not served."""
    parse: Callable[[BinaryIO, str], Iterator[About | Known]]
    """Reads one document; the second argument names it in errors. Raises MalformedError where it
    is not what its publisher promises, so that nothing half-read replaces what is there."""
