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


class Unread(Struct, frozen=True, gc=False):
    """A record that could not be read: it is left out, and its shard says so."""

    what: str
    """Its id, or where it is in its document."""
    reason: str


Record = About | Known | Unread


class Changed(Struct, frozen=True, gc=False):
    """One line of a feed's list of changes."""

    modified: str
    """RFC 3339."""
    id: str
    """Of the record."""
    address: str
    """Of the document that holds this record alone."""


class Changes(Struct, frozen=True):
    """How a feed tells what changed, so that no more than that need be fetched."""

    document: Callable[[str], str]
    """The address of a shard's list of changes; empty where there is none."""
    entries: Callable[[BinaryIO, str], Iterator[Changed]]
    """Reads the list, the newest first; the second argument is its address."""


def _no_links(_file: BinaryIO, _where: str) -> tuple[str, ...]:
    return ()


class Feed(Struct, frozen=True):
    """A name, the addresses of its documents, and a function from one of them to records."""

    name: str
    documents: Callable[[str], tuple[str, ...]]
    """The https addresses of what a shard needs (`Debian:12`, `PyPI`, `CVE:2024`, `KEV`); none:
    not served. `Debian:*` asks for every release that the records name. Shards with the same
    addresses are made of one reading. An address that ends in `/` is a folder, which only a
    mirror that is a folder can list: a line a file, by its path from there, for `links` to read."""
    parse: Callable[[BinaryIO, str], Iterator[Record]]
    """Reads one document; the second argument is its address. Raises MalformedError where it is
    not what its publisher promises, so that nothing half-read replaces what is there; yields
    Unread for one record that cannot be read among many that can. A record whose `ecosystem` is
    empty is of the shard that the document was asked for."""
    links: Callable[[BinaryIO, str], tuple[str, ...]] = _no_links
    """For a document that is an index (repomd.xml, a list of files): the addresses that it names,
    which are read in its stead. Empty: the document holds records itself."""
    rank: int = 0
    """Where several feeds serve a shard, the lowest speaks; the next stands in where it is not to
    be had, or knows nothing of the shard. Feeds of one rank are joined."""
    bulk: bool = False
    """Whether it is so large that only an update that is asked for reads it: a scan in need of
    advisories takes the next rank."""
    offers: tuple[str, ...] = ()
    """The shards that `db update --all` asks it for."""
    changes: Changes | None = None
