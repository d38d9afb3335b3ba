"""Debian's security tracker: what each release is affected by, unfixed flaws included.

The format is what its service writes (`_get_json` of bin/tracker_service.py,
https://salsa.debian.org/security-tracker-team/security-tracker); what the words mean is said in
https://security-team.debian.org/security_tracker.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import BinaryIO, Literal

from msgspec import DecodeError, Raw, Struct, ValidationError, json

from pratique.codecs import osv
from pratique.errors import LimitExceeded, MalformedError
from pratique.model.advisory import Advisory, Affected, Prose, Range, Rating, Status
from pratique.model.ecosystem import Ecosystem
from pratique.model.feed import About, Feed, Unread
from pratique.model.inventory import Distro
from pratique.plugins import load

_ADDRESS = "https://security-tracker.debian.org/tracker/data/json"
_LIMIT = 1 << 30
_UNSTABLE = "sid"


class _Release(Struct):
    status: Literal["resolved", "open", "undetermined"]
    fixed_version: str = ""
    """`0` where the release never had the flaw."""
    urgency: str = ""
    """not yet assigned, unimportant, low, medium, high, end-of-life."""
    nodsa_reason: str = ""
    """Why no bulletin (DSA) is to come: `ignored`, `postponed`, or empty."""


class _Issue(Struct):
    releases: dict[str, _Release]
    description: str = ""


# made here: types that are first used by several threads at once crash msgspec 0.22
_DOCUMENT = json.Decoder(dict[str, dict[str, Raw]])
_ISSUE = json.Decoder(_Issue)


def documents(ecosystem: str) -> tuple[str, ...]:
    """Return the tracker's one document, which holds all releases."""
    return (_ADDRESS,) if ecosystem.partition(":")[0] == "Debian" else ()


def parse(file: BinaryIO, where: str) -> Iterator[About | Unread]:
    """Yield what the tracker says of each source package in each release.

    The document is ~80 MB; it is kept as bytes, and one issue of it at a time is decoded.
    """
    data = file.read(_LIMIT + 1)
    if len(data) > _LIMIT:
        raise LimitExceeded(f"{where}: more than {_LIMIT} bytes")
    unknown: set[str] = set()
    for package, issues in _decoded(data, where).items():
        for id, raw in issues.items():
            try:
                issue = _ISSUE.decode(raw)
            except (ValidationError, DecodeError, RecursionError) as error:
                yield Unread(f"{package} {id}", str(error))
            else:
                unknown |= {codename for codename in issue.releases if not _number(codename)}
                yield from _about(package, id, issue)
    for codename in sorted(unknown):
        yield Unread(codename, "no release of Debian that is known by this name")


def _decoded(data: bytes, where: str) -> dict[str, dict[str, Raw]]:
    try:
        return _DOCUMENT.decode(data)
    except (ValidationError, DecodeError, RecursionError) as error:
        raise MalformedError(f"not the data of Debian's tracker: {error}", where) from error


def _about(package: str, id: str, issue: _Issue) -> Iterator[About]:
    prose = Prose("", issue.description, (f"https://security-tracker.debian.org/tracker/{id}",))
    for number, release in _releases(issue.releases).items():
        if affected := _affected(release):
            yield About(f"Debian:{number}", package, affected, _advisory(id, release), prose)


def _releases(written: Mapping[str, _Release]) -> dict[str, _Release]:
    """Return the releases by number. Testing and unstable are one.

    Images of both say that they are the release to come. Packages move from unstable to testing,
    so that a fix in unstable is one for testing; what testing has not at all is as in unstable.
    """
    numbered = {_number(name): release for name, release in written.items() if name != _UNSTABLE}
    if unstable := written.get(_UNSTABLE):
        number = _number(_UNSTABLE)
        testing = numbered.setdefault(number, unstable)
        if testing.status != "resolved" and unstable.fixed_version not in ("", "0"):
            numbered[number] = unstable
    numbered.pop("", None)
    return numbered


@cache
def _number(codename: str) -> str:
    """Return `12` of `bookworm`, empty for a name that is unknown."""
    ecosystems = load("pratique.ecosystems", Ecosystem)
    debian = next(e for e in ecosystems if e.name == "Debian")
    return debian.release(Distro("", "debian", codename=codename)) if debian.release else ""


def _affected(release: _Release) -> Affected | None:
    """Return the affected versions; None where the release never had the flaw."""
    remark = "unimportant" if release.urgency == "unimportant" else ""
    if release.status == "resolved":
        if release.fixed_version in ("", "0"):
            return None
        return Affected((Range("0", release.fixed_version),), remark=remark)
    return Affected((Range(),), status=_status(release), remark=remark)


def _status(release: _Release) -> Status:
    if release.urgency == "end-of-life":
        return "end_of_life"
    if release.status == "undetermined":
        return "under_investigation"
    if release.nodsa_reason == "ignored":
        return "will_not_fix"
    return "fix_deferred" if release.nodsa_reason == "postponed" else "affected"


def _advisory(id: str, release: _Release) -> Advisory:
    """Name it as OSV does: `DEBIAN-CVE-2024-1`; a temporary id (`TEMP-…`) is its own."""
    severity = osv.severity_word(release.urgency)
    ratings = (Rating("debian", severity),) if severity != "UNKNOWN" else ()
    if not id.startswith("CVE-"):
        return Advisory(id, ratings=ratings)
    return Advisory(f"DEBIAN-{id}", (id,), ratings=ratings)


feed = Feed("debian", documents, parse, offers=("Debian:*",))
