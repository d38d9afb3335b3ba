"""Know the analyzers without importing them: an index of what each declares, kept in the cache.

There are many, each takes a millisecond to import, and an image holds files for a few of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from threading import Lock
from typing import Literal

from msgspec import DecodeError, Struct, ValidationError, msgpack

from pratique.cache import Cache
from pratique.model.analyzer import Analyzer, Scanner
from pratique.model.file import File
from pratique.model.inventory import Fact
from pratique.plugins import from_outside, load


class _Entry(Struct, frozen=True, array_like=True):
    """What an analyzer declares, and where it is."""

    name: str
    version: int
    paths: tuple[str, ...]
    reads: Literal["installed", "locked", "both"]
    module: str
    attribute: str
    scanner: Scanner


# made at import, and modules are imported by one thread at a time: msgspec 0.22 may crash where
# several threads are the first to use a type
_ENTRIES = msgpack.Decoder(list[_Entry])
_IMPORTING = Lock()


def known_analyzers(cache: Cache, fingerprint: str) -> Sequence[Analyzer]:
    """Return every analyzer, each imported when it is first given a file.

    The index is kept under the fingerprint of their sources; those from outside have none, and
    are imported at once.
    """
    with _IMPORTING:
        if from_outside():
            return load("pratique.analyzers", Analyzer)
        return _known(cache, fingerprint)


def _known(cache: Cache, fingerprint: str) -> Sequence[Analyzer]:
    key = f"analyzers {fingerprint}"
    entries = _decoded(cache.get(key))
    if entries is None:
        every = load("pratique.analyzers", Analyzer)
        entries = list(_entries(every))
        if len(entries) != len(every):  # one is not where its function is: nothing can be kept
            return every
        cache.put(key, msgpack.encode(entries))
    return [_lazy(entry) for entry in entries]


def _decoded(data: bytes | None) -> list[_Entry] | None:
    try:
        return None if data is None else _ENTRIES.decode(data)
    except (ValidationError, DecodeError):
        return None


def _entries(every: Sequence[Analyzer]) -> Iterator[_Entry]:
    for one in every:
        module = one.analyze.__module__
        for attribute, value in vars(import_module(module)).items():
            if value is one:
                yield _Entry(
                    one.name, one.version, one.paths, one.reads, module, attribute, one.scanner
                )


def _lazy(entry: _Entry) -> Analyzer:
    def analyze(file: File) -> Iterator[Fact]:
        with _IMPORTING:
            analyzer: Analyzer = getattr(import_module(entry.module), entry.attribute)
        return analyzer.analyze(file)

    return Analyzer(entry.name, entry.version, entry.paths, analyze, entry.reads, entry.scanner)
