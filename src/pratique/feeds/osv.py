"""OSV.dev: one zip of records an ecosystem (https://google.github.io/osv.dev/data/)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, BinaryIO

from pratique.codecs import osv
from pratique.errors import LimitExceeded, MalformedError
from pratique.model.ecosystem import Ecosystem
from pratique.model.feed import About, Feed
from pratique.plugins import load

_HOST = "https://osv-vulnerabilities.storage.googleapis.com"
_RECORD_LIMIT = 32 << 20


def documents(ecosystem: str) -> tuple[str, ...]:
    """Return the address of an ecosystem's zip."""
    name = ecosystem.partition(":")[0]
    if name in ("CVE", "KEV", "EPSS"):
        return ()
    return (f"{_HOST}/{name.replace(' ', '%20')}/all.zip",)


def parse(file: BinaryIO, where: str) -> Iterator[About]:
    """Yield what each record of a zip says of each package.

    One broken record fails the whole: a shard that silently lacks a flaw is worse than an old one.
    """
    import zipfile  # noqa: PLC0415 - only who builds a database pays for it
    import zlib  # noqa: PLC0415

    try:
        with zipfile.ZipFile(file) as archive:
            for entry in archive.infolist():
                if entry.filename.endswith(".json"):
                    if entry.file_size > _RECORD_LIMIT:
                        raise LimitExceeded(f"{where}: {entry.filename}: {entry.file_size} bytes")
                    record = osv.read(archive.read(entry), f"{where}: {entry.filename}")
                    yield from osv.affected(record, version_key)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise MalformedError(f"no zip of OSV records: {error}", where) from error


@cache
def version_key(ecosystem: str) -> Callable[[str], Any] | None:
    """Return the ordering of an OSV ecosystem, with or without its release."""
    family = ecosystem.partition(":")[0]
    return next((e.version_key for e in load("pratique.ecosystems", Ecosystem) if e.name == family),
                None)  # fmt: skip


feed = Feed("osv", documents, parse)
