"""OSV.dev: one zip of records an ecosystem (https://google.github.io/osv.dev/data/)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, BinaryIO
from urllib.parse import quote

from pratique.codecs import osv
from pratique.errors import LimitExceeded, MalformedError
from pratique.model.ecosystem import Ecosystem
from pratique.model.feed import About, Changed, Changes, Feed, Unread
from pratique.plugins import load

_HOST = "https://osv-vulnerabilities.storage.googleapis.com"
_RECORD_LIMIT = 32 << 20
_TOTAL_LIMIT = 32 << 30
_LINE_LIMIT = 1 << 12

# https://osv-vulnerabilities.storage.googleapis.com/ecosystems.txt
_LANGUAGES = (
    "Bioconductor", "Bitnami", "CRAN", "ConanCenter", "GitHub Actions", "Go", "Hackage", "Hex",
    "Julia", "Maven", "NuGet", "Packagist", "Pub", "PyPI", "RubyGems", "SwiftURL", "VSCode",
    "crates.io", "npm", "opam",
)  # fmt: skip
_ROLLING = ("Chainguard", "CleanStart", "Docker Hardened Images", "Echo", "MinimOS", "Wolfi")
_RELEASED = (
    "AlmaLinux", "Alpaquita", "Alpine", "Azure Linux", "BellSoft Hardened Containers", "Debian",
    "Mageia", "Red Hat", "Rocky Linux", "Root", "SUSE", "TuxCare", "Ubuntu", "openEuler",
    "openSUSE",
)  # fmt: skip
_SERVED = frozenset((*_LANGUAGES, *_ROLLING, *_RELEASED))


def documents(ecosystem: str) -> tuple[str, ...]:
    """Return the address of an ecosystem's zip, which holds all of its releases."""
    folder = _folder(ecosystem)
    return (f"{folder}/all.zip",) if folder else ()


def _folder(shard: str) -> str:
    family = shard.partition(":")[0]
    return f"{_HOST}/{quote(family)}" if family in _SERVED else ""


def parse(file: BinaryIO, where: str) -> Iterator[About | Unread]:
    """Yield what each record of a zip, or the one of a `.json`, says of each package."""
    if where.endswith(".json"):
        data = file.read(_RECORD_LIMIT + 1)
        if len(data) > _RECORD_LIMIT:
            raise LimitExceeded(f"{where}: a record of more than {_RECORD_LIMIT} bytes")
        yield from osv.affected(osv.read(data, where), version_key)
        return
    import zipfile  # noqa: PLC0415 - only who builds a database pays for it
    import zlib  # noqa: PLC0415

    try:
        with zipfile.ZipFile(file) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _TOTAL_LIMIT:
                raise LimitExceeded(f"{where}: unpacks to more than {_TOTAL_LIMIT} bytes")
            for entry in archive.infolist():
                if entry.filename.endswith(".json"):
                    yield from _records(archive, entry, where)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as error:
        # RuntimeError: encrypted, or compressed by a method that is not implemented
        raise MalformedError(f"no zip of OSV records: {error}", where) from error


def _records(archive: Any, entry: Any, where: str) -> Iterator[About | Unread]:
    if entry.file_size > _RECORD_LIMIT:
        yield Unread(entry.filename, f"{entry.file_size} bytes are too many")
        return
    try:
        record = osv.read(archive.read(entry), f"{where}: {entry.filename}")
    except MalformedError as error:
        yield Unread(entry.filename, error.reason)
    else:
        yield from osv.affected(record, version_key)


def changed(shard: str) -> str:
    """Return the address of an ecosystem's list of changes."""
    folder = _folder(shard)
    return f"{folder}/modified_id.csv" if folder else ""


def entries(file: BinaryIO, where: str) -> Iterator[Changed]:
    """Yield the lines of `modified_id.csv`: `2024-08-15T00:05:00.123456Z,PYSEC-2021-1`."""
    folder = where.rpartition("/")[0]
    number = 0
    while line := file.readline(_LINE_LIMIT):
        number += 1
        modified, comma, id = line.decode("utf-8", "replace").strip().partition(",")
        if not (comma and id and modified[:4].isdigit() and "T" in modified):
            raise MalformedError(f"line {number} is not `modified,id`: {line[:60]!r}", where)
        yield Changed(modified, id, f"{folder}/{quote(id, safe='')}.json")


@cache
def version_key(ecosystem: str) -> Callable[[str], Any] | None:
    """Return the ordering of an OSV ecosystem, with or without its release."""
    family = ecosystem.partition(":")[0]
    return next((e.version_key for e in load("pratique.ecosystems", Ecosystem) if e.name == family),
                None)  # fmt: skip


# publishers speak for themselves, where they have a feed; OSV stands in
feed = Feed(
    "osv", documents, parse, rank=10,
    offers=(*_LANGUAGES, *_ROLLING, *(f"{family}:*" for family in _RELEASED)),
    changes=Changes(changed, entries),
)  # fmt: skip
