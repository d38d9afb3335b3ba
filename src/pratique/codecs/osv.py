"""OSV records (https://ossf.github.io/osv-schema/) as affected packages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import DecodeError, Struct, ValidationError, json

from pratique.codecs import cvss
from pratique.errors import MalformedError
from pratique.model.advisory import Advisory, Affected, Prose, Range, Rating, Status
from pratique.model.feed import About

Key = Callable[[str], Any]
_Ids = tuple[tuple[str, ...], tuple[str, ...]]


class _Package(Struct):
    ecosystem: str = ""
    name: str = ""


class _Severity(Struct):
    type: str
    score: str


class _Event(Struct):
    introduced: str = ""
    fixed: str = ""
    last_affected: str = ""
    limit: str = ""


class _Range(Struct):
    type: str
    events: list[_Event] = []


class _Specific(Struct):
    severity: Any = None
    urgency: str | None = None
    cwe_ids: list[str] | None = None
    informational: str | None = None


class _Affected(Struct):
    package: _Package | None = None
    ranges: list[_Range] | None = None
    versions: list[str] | None = None
    severity: list[_Severity] | None = None
    ecosystem_specific: _Specific | None = None
    database_specific: _Specific | None = None


class _Reference(Struct):
    url: str = ""
    type: str = ""


class Record(Struct):
    """The fields of a record that are used; others are passed over."""

    id: str
    modified: str = ""
    published: str = ""
    withdrawn: str | None = None
    aliases: list[str] | None = None
    upstream: list[str] | None = None
    related: list[str] | None = None
    summary: str = ""
    details: str = ""
    severity: list[_Severity] | None = None
    affected: list[_Affected] | None = None
    references: list[_Reference] | None = None
    database_specific: _Specific | None = None


# made here: types that are first used by several threads at once crash msgspec 0.22
_RECORD = json.Decoder(Record)
_SOURCES = {
    "GHSA": "ghsa", "PYSEC": "pypa", "GO": "govulndb", "RUSTSEC": "rustsec", "DEBIAN": "debian",
    "DSA": "debian", "DLA": "debian", "UBUNTU": "ubuntu", "USN": "ubuntu", "ALPINE": "alpine",
    "ALSA": "alma", "ALBA": "alma", "ALEA": "alma", "RLSA": "rocky", "RXSA": "rocky",
    "RHSA": "redhat", "RHBA": "redhat", "RHEA": "redhat", "SUSE": "suse", "openSUSE": "suse",
    "BIT": "bitnami", "MAL": "openssf", "NSWG": "nodejs", "CGA": "chainguard", "OSV": "osv",
    "AZL": "azure", "MGASA": "mageia", "CVE": "osv", "OESA": "openeuler", "ECHO": "echo",
    "BELL": "bellsoft", "MINI": "minimos", "PSF": "psf", "HSEC": "haskell", "JLSEC": "julia",
    "EEF": "erlang",
}  # fmt: skip
_BULLETINS = frozenset({"ALSA", "ALBA", "ALEA", "RLSA", "RXSA", "RHSA", "RHBA", "RHEA", "SUSE",
                        "openSUSE", "USN", "DSA", "DLA", "MGASA", "OESA"})  # fmt: skip
_WORDS = {
    "NEGLIGIBLE": "LOW", "UNTRIAGED": "UNKNOWN", "UNIMPORTANT": "LOW", "LOW": "LOW",
    "MODERATE": "MEDIUM", "MEDIUM": "MEDIUM", "HIGH": "HIGH", "IMPORTANT": "HIGH",
    "CRITICAL": "CRITICAL",
}  # fmt: skip


# a distribution's record of a CVE: DEBIAN-CVE-2024-1, UBUNTU-CVE-…, ALPINE-CVE-…, BELL-CVE-…
_OF_CVE = re.compile(r"[A-Z]+-(CVE-\d{4}-\d+)", re.ASCII)
# how MITRE and NVD begin the text of a CVE that turned out to be none
_REJECTED = ("** REJECT **", "Rejected reason:")
_MALICIOUS = ("CWE-506",)
"""Embedded Malicious Code (https://cwe.mitre.org/data/definitions/506.html)."""


def read(data: bytes, where: str) -> Record:
    """Return one record; raise MalformedError where it is none."""
    try:
        return _RECORD.decode(data)
    except (ValidationError, DecodeError, RecursionError) as error:
        raise MalformedError(f"no OSV record: {error}", where) from error


def affected(record: Record, key_of: Callable[[str], Key | None]) -> Iterator[About]:
    """Yield what a record says of each package; a withdrawn or rejected one says nothing.

    `key_of` gives an ecosystem's version key, to put events in order as the schema's evaluation
    algorithm asks; without one they stay as they are written. Ranges of commits (GIT) are left out.
    """
    if record.withdrawn or record.details.startswith(_REJECTED):
        return
    prose, ids = _prose(record), _ids(record)
    for entry in record.affected or ():
        if entry.package is None or not entry.package.name:
            continue
        key = key_of(entry.package.ecosystem)
        ranges = tuple(_ranges(entry.ranges or (), key))
        versions = _beyond(entry.versions or (), ranges, key)
        if ranges or versions:
            about = Affected(
                ranges, versions, _status(entry), channel=_channel(entry.package.ecosystem),
                remark=_remark(record, entry),
            )  # fmt: skip
            advisory = _advisory(record, entry, ids)
            yield About(entry.package.ecosystem, entry.package.name, about, advisory, prose)


def severity_word(word: str) -> str:
    """Return the severity that a publisher's own word stands for, UNKNOWN for a strange one."""
    return _WORDS.get(word.upper().rstrip(":*"), "UNKNOWN")


def _advisory(record: Record, entry: _Affected, ids: _Ids) -> Advisory:
    prefix = record.id.partition("-")[0]
    cwes = (record.database_specific and record.database_specific.cwe_ids) or ()
    return Advisory(
        record.id,
        *ids,
        tuple(_ratings(record, entry, _SOURCES.get(prefix, prefix.lower()))),
        _MALICIOUS if prefix == "MAL" else tuple(cwes),
        record.published,
        record.modified,
    )


def _ids(record: Record) -> _Ids:
    """Return a record's aliases and what it covers: one flaw's ids, or those of several flaws."""
    own = {record.id, *(record.aliases or ())}
    upstream = {_plain(id) for id in record.upstream or ()}
    names, covers = {*own, *map(_plain, own), *upstream}, set[str]()
    if record.id.partition("-")[0] in _BULLETINS:
        covers = _cves([*names, *map(_plain, record.related or ())])
        names = set()
    elif len(_cves(upstream)) > 1:  # a flaw is downstream of one
        covers, names = _cves(upstream), set()
    return tuple(sorted(names - {record.id})), tuple(sorted(covers))


def _plain(id: str) -> str:
    """Return the CVE that a distribution's own id names, any other id as it is."""
    match = _OF_CVE.fullmatch(id)
    return match[1] if match else id


def _cves(ids: Iterable[str]) -> set[str]:
    return {id for id in ids if id.startswith("CVE-")}


def _ratings(record: Record, entry: _Affected, source: str) -> Iterator[Rating]:
    """Yield the ratings: vectors with their score, the publisher's word, what its title says."""
    word = _word(record, entry)
    vectors = [s for s in (entry.severity or record.severity or ()) if s.type.startswith("CVSS")]
    word = word or next(
        (s.score for s in entry.severity or record.severity or () if not s.type.startswith("CVSS")),
        "",
    )
    stated = severity_word(word) if word else "UNKNOWN"
    if record.id.startswith("MAL-"):
        stated = "CRITICAL"
    rated = False
    for vector in dict.fromkeys(s.score for s in vectors):
        if (score := cvss.score(vector)) is not None:
            label = cvss.severity(score, vector) if stated == "UNKNOWN" else stated
            yield Rating(source, label, vector, score)
            rated = True
    if not rated and stated != "UNKNOWN":
        yield Rating(source, stated)


def _word(record: Record, entry: _Affected) -> str:
    for specific in (entry.database_specific, entry.ecosystem_specific, record.database_specific):
        if specific and isinstance(specific.severity, str):
            return specific.severity
        if specific and specific.urgency:
            return specific.urgency
    if record.id.partition("-")[0] in _BULLETINS and ":" in record.summary[:12]:
        return record.summary.partition(":")[0]
    return ""


def _status(entry: _Affected) -> Status:
    urgency = entry.ecosystem_specific and entry.ecosystem_specific.urgency
    return "end_of_life" if urgency == "end-of-life" else "affected"


def _channel(ecosystem: str) -> str:
    """Return the subscription of `Ubuntu:Pro:18.04:LTS` or `Ubuntu:Pro:FIPS:18.04:LTS`."""
    _, pro, rest = ecosystem.partition(":Pro:")
    stream = rest.partition(":")[0] if rest[:1].isalpha() else ""
    return f"Pro:{stream}" if stream else "Pro" if pro else ""


def _remark(record: Record, entry: _Affected) -> str:
    if record.id.startswith("MAL-"):
        return "malicious"
    urgency = entry.ecosystem_specific and entry.ecosystem_specific.urgency
    return "unimportant" if urgency == "unimportant" else ""


def _ranges(ranges: Iterable[_Range], key: Key | None) -> Iterator[Range]:
    for written in ranges:
        if written.type != "GIT":
            yield from _pairs(_in_order(written.events, key))


def _in_order(events: list[_Event], key: Key | None) -> list[_Event]:
    """Sort events by their versions; those that are none, or have no order, stay as written.

    A pair stays as well: `introduced 3.0, last_affected 3.0.0.M2` is a slip of its author and
    holds nothing. Sorted, as the schema's algorithm would have it, it held all that follows 3.0.
    """
    if key is None or (len(events) == 2 and events[0].introduced):
        return events
    try:
        return sorted(events, key=lambda event: _place(event, key))
    except ValueError:
        return events


def _place(event: _Event, key: Key) -> tuple[Any, ...]:
    at = event.introduced or event.fixed or event.last_affected or event.limit
    return (0,) if at == "0" else (2,) if at == "*" else (1, key(at))


def _pairs(events: Iterable[_Event]) -> Iterator[Range]:
    """Yield each stretch of affected versions: what opens it, and what closes it if anything."""
    opened = ""
    for event in events:
        if event.introduced:
            opened = opened or event.introduced
        elif opened and (event.fixed or event.last_affected):
            yield Range(opened, event.fixed, event.last_affected)
            opened = ""
        elif opened and event.limit not in ("", "*"):
            yield Range(opened, event.limit)
            opened = ""
    if opened:
        yield Range(opened)


def _beyond(versions: Iterable[str], ranges: tuple[Range, ...], key: Key | None) -> tuple[str, ...]:
    """Return the listed versions that no range holds already; most are held by one."""
    if not ranges or key is None:
        return tuple(versions)
    kept = []
    for version in versions:
        try:
            if not any(within(version, stretch, key) for stretch in ranges):
                kept.append(version)
        except ValueError:
            kept.append(version)
    return tuple(kept)


def within(version: str, stretch: Range, key: Key) -> bool:
    """Tell whether a version is in a stretch; raises ValueError for what is no version."""
    at = key(version)
    if stretch.introduced != "0" and at < key(stretch.introduced):
        return False
    if stretch.fixed:
        return bool(at < key(stretch.fixed))
    return not stretch.last or bool(at <= key(stretch.last))


def _prose(record: Record) -> Prose:
    urls = tuple(dict.fromkeys(r.url for r in record.references or () if r.url))
    return Prose(record.summary, record.details, urls)
