"""Which shard a record belongs in, and how its package's name is written there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TypeVar

from msgspec.structs import replace

from pratique.model.ecosystem import Ecosystem
from pratique.model.feed import About, Known
from pratique.plugins import load

R = TypeVar("R", bound=About | Known)
EVERY = "*"
"""As a release: all that the records name."""


def family(shard: str) -> str:
    """Return a shard's ecosystem without its release: `Debian` for `Debian:12`."""
    return shard.partition(":")[0]


def shards_of(record: About | Known, wanted: Sequence[str]) -> Iterator[str]:
    """Yield which shards a record belongs in, of those that are wanted.

    A record that names no release is about all of them; where it names no ecosystem either, it is
    of the shard that was asked for. `Debian:*` wants every release that is named.
    """
    if isinstance(record, Known):
        names = (f"CVE:{record.id[4:8]}", "KEV", "EPSS")
        return (shard for shard in wanted if shard in names)
    name = shard_name(record.ecosystem)
    if not name:
        return iter(wanted)
    return (found for shard in wanted if (found := _match(name, shard)))


def _match(name: str, wanted: str) -> str:
    """Return the shard that a record's shard goes into where `wanted` is asked for, or nothing."""
    base, _, release = name.partition(":")
    asked, _, asked_release = wanted.partition(":")
    if base != asked:
        return ""
    if asked_release == EVERY:
        return name if release else ""
    return wanted if not release or asked_release in ("", release) else ""


@cache
def shard_name(ecosystem: str) -> str:
    """Return the shard of what a record writes: `Red Hat:9` for every repository of RHEL 9."""
    name, colon, release = ecosystem.partition(":")
    known = _ecosystem(name)
    return f"{name}:{known.fold(release)}" if known and colon else ecosystem


def canonical(record: R) -> R:
    """Return a record with its package's name as look-ups will write it."""
    if isinstance(record, Known):
        return record
    known = _ecosystem(family(record.ecosystem))
    name = known.canonical(record.name) if known else record.name
    return record if name == record.name else replace(record, name=name)


@cache
def _ecosystem(name: str) -> Ecosystem | None:
    return next((e for e in load("pratique.ecosystems", Ecosystem) if e.name == name), None)
