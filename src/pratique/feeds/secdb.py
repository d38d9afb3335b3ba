"""The secdb files of Alpine and its relatives: which version of a package fixed which flaws.

They name fixes alone. A flaw without one is in no secdb, and in none of OSV's records made of it,
so that nothing is known of it here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO
from urllib.parse import urlsplit

from msgspec import DecodeError, Raw, Struct, ValidationError, json

from pratique.errors import LimitExceeded, MalformedError
from pratique.model.advisory import Advisory, Affected, Range
from pratique.model.feed import About, Feed, Unread
from pratique.model.lifecycle import releases

_ALPINE = "https://secdb.alpinelinux.org"
_REPOSITORIES = ("main", "community")
_ROLLING = {
    "Wolfi": "https://packages.wolfi.dev/os/security.json",
    "Chainguard": "https://packages.cgr.dev/chainguard/security.json",
    "MinimOS": "https://packages.mini.dev/advisories/secdb/security.json",
}
_LIMIT = 256 << 20
# people write them: `CVE_2019-2426`, `CVE 2018-16859`, `CVE-2021-35940.patch`, `CVE-2017-17434-1`
_CVE = re.compile(r"\bCVE[-_ ](\d{4}-\d{4,})", re.ASCII)
_OTHER = re.compile(
    r"\b(?!CVE)(GHSA(?:-[0-9a-z]{4}){3}|[A-Za-z]+(?:-[A-Za-z]+)*(?:-\d+)+)", re.ASCII
)


class _Package(Struct):
    name: str
    secfixes: dict[str, list[str] | None] | None = None


class _Entry(Struct):
    pkg: _Package


class _Document(Struct):
    packages: list[Raw] | None


# made here: types that are first used by several threads at once crash msgspec 0.22
_DOCUMENT = json.Decoder(_Document)
_ENTRY = json.Decoder(_Entry)


def documents(ecosystem: str) -> tuple[str, ...]:
    """Return the addresses of a branch's repositories, `Alpine:v3.20` or `Alpine:edge`; or the one
    of a distribution without releases.
    """
    family, _, release = ecosystem.partition(":")
    if family in _ROLLING:
        return (_ROLLING[family],)
    if family != "Alpine" or not release:
        return ()
    branches = [f"v{number}" for number in releases("alpine")] + ["edge"]
    wanted = branches if release == "*" else [release]
    return tuple(f"{_ALPINE}/{b}/{name}.json" for b in wanted for name in _REPOSITORIES)


def parse(file: BinaryIO, where: str) -> Iterator[About | Unread]:
    """Yield each flaw that a package has had fixed."""
    ecosystem = _ecosystem(where)
    for number, raw in enumerate(_decoded(file, where).packages or ()):
        try:
            package = _ENTRY.decode(raw).pkg
        except (ValidationError, DecodeError, RecursionError) as error:
            yield Unread(f"package {number + 1}", str(error))
        else:
            yield from _about(package, ecosystem)


def _decoded(file: BinaryIO, where: str) -> _Document:
    data = file.read(_LIMIT + 1)
    if len(data) > _LIMIT:
        raise LimitExceeded(f"{where}: more than {_LIMIT} bytes")
    try:
        return _DOCUMENT.decode(data)
    except (ValidationError, DecodeError, RecursionError) as error:
        raise MalformedError(f"no secdb: {error}", where) from error


def _ecosystem(where: str) -> str:
    """Return what a document is of: its address tells, all of its fields do not."""
    parts = urlsplit(where).path.split("/")
    rolling = (name for name, address in _ROLLING.items() if where == address)
    return next(rolling, f"Alpine:{parts[-2]}")


def _about(package: _Package, ecosystem: str) -> Iterator[About | Unread]:
    for version, fixes in (package.secfixes or {}).items():
        for words in fixes or ():
            advisory = _advisory(words, ecosystem)
            if advisory is None:
                yield Unread(f"{package.name} {version}", f"{words[:40]!r} names no flaw")
            elif version != "0":  # which says that it never was affected
                affected = Affected((Range("0", version),))
                yield About(ecosystem, package.name, affected, advisory)


@lru_cache(maxsize=1024)
def _advisory(words: str, ecosystem: str) -> Advisory | None:
    """Return one for the ids of a line: `CVE-2019-17343 XSA-288` is one flaw, two CVEs are two.

    Alpine's are named as OSV names them.
    """
    cves = [f"CVE-{number}" for number in dict.fromkeys(_CVE.findall(words))]
    others = list(dict.fromkeys(_OTHER.findall(words)))
    if len(cves) > 1:
        return Advisory((others or cves)[0], covers=tuple(sorted(cves)))
    if cves and ecosystem.startswith("Alpine"):
        return Advisory(f"ALPINE-{cves[0]}", tuple(sorted([*cves, *others])))
    ids = cves + others
    return Advisory(ids[0], tuple(sorted(ids[1:]))) if ids else None


feed = Feed("secdb", documents, parse, offers=("Alpine:*", *_ROLLING))
