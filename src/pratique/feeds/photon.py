"""Photon OS: VMware's list of flaws by package, and its older OVAL bulletins.

The list (https://github.com/vmware/photon/wiki/Security-Advisories tells of it) has a status for
each, and moved from vmware.com to broadcom.com. OVAL ends in 2020 and names no flaw without a fix:
it stands in where the list is not to be had.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from msgspec import DecodeError, Struct, ValidationError, json

from pratique.codecs import cvss, oval, rpmbuilds, updateinfo
from pratique.codecs.oval import Definition
from pratique.errors import LimitExceeded, MalformedError
from pratique.model.advisory import Advisory, Affected, Prose, Range, Rating
from pratique.model.feed import About, Feed, Record, Unread

_RELEASES = ("1.0", "2.0", "3.0", "4.0", "5.0")
_LIST = "photon_cve_metadata/cve_data_photon{}.json"
_OVAL = "photon_oval_definitions/com.vmware.phsa-photon{}.xml"
_VMWARE, _BROADCOM = "https://packages.vmware.com/photon", "https://packages.broadcom.com/photon"
_DOCUMENT_LIMIT = 256 << 20
_NAME = re.compile(r"photon(\d+)(?:\.(\d+))?\.(?:json|xml)$", re.ASCII)
_HIGHEST = 10
_VECTORS = "CVSS:3"  # which the scores are of
_UNKNOWN_VERSION = frozenset({"", "NA"})


class _Entry(Struct):
    cve_id: str
    pkg: str
    cve_score: float | None = None
    res_ver: str | None = None
    status: str = "Fixed"


# made at import: msgspec 0.22 may crash where threads are the first to use a type
_DECODER = json.Decoder(list[_Entry])


def _documents(root: str, shard: str) -> tuple[str, ...]:
    family, _, release = shard.partition(":")
    if family != "Photon OS":
        return ()
    chosen = _RELEASES if release == "*" else tuple({release} & set(_RELEASES))
    if "_oval_" in root:
        return tuple(root.format(name.partition(".")[0]) for name in chosen)
    return tuple(root.format(name) for name in chosen)


def _shard(where: str) -> str:
    match = _NAME.search(where)
    return f"Photon OS:{match[1]}.{match[2] or '0'}" if match else ""


def parse(file: BinaryIO, where: str) -> Iterator[Record]:
    """Yield a record for each flaw of a package that is affected, or was until a version.

    What is fixed in no version that is named says nothing: a package cannot be compared with it.
    """
    shard = _shard(where)
    for entry in _decoded(file, where):
        if (about := _about(entry, shard)) is not None:
            yield about


def _about(entry: _Entry, shard: str) -> Record | None:
    status = entry.status.strip().lower()
    version = (entry.res_ver or "").strip()
    if status == "not affected":
        return None
    if not entry.pkg or not entry.cve_id:
        return Unread(entry.cve_id or entry.pkg or "an entry", "it names no flaw, or no package")
    if version in _UNKNOWN_VERSION and status in ("fixed", ""):
        return None
    fixed = "" if version in _UNKNOWN_VERSION else version
    score = entry.cve_score or 0.0
    is_rated = 0 < score <= _HIGHEST
    ratings = (Rating("photon", cvss.severity(score, _VECTORS), "", score),) if is_rated else ()
    return About(
        shard, entry.pkg, Affected((Range("0", fixed),)), Advisory(entry.cve_id, ratings=ratings)
    )


def _decoded(file: BinaryIO, where: str) -> list[_Entry]:
    data = file.read(_DOCUMENT_LIMIT + 1)
    if len(data) > _DOCUMENT_LIMIT:
        raise LimitExceeded(f"{where}: more than {_DOCUMENT_LIMIT} bytes")
    try:
        return _DECODER.decode(data)
    except (ValidationError, DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(f"no list of flaws: {error}", where) from error


def parse_oval(file: BinaryIO, where: str) -> Iterator[Record]:
    """Yield what each bulletin (PHSA) says of each package."""
    shard = _shard(where)
    for definition in oval.definitions(file, where):
        url = next((r.url for r in definition.references if r.source == "PHSA"), "")
        builds = [build for found in oval.builds(definition).values() for build in found]
        if not builds:
            yield Unread(definition.id, "it names no package")
            continue
        advisory = Advisory(
            _bulletin(definition, url), (), tuple(sorted(definition.flaws)),
            tuple(updateinfo.rating("photon", definition.severity)), (),
            definition.issued, definition.updated,
        )  # fmt: skip
        prose = Prose(definition.title, definition.description, (url,) if url else ())
        for name, affected in rpmbuilds.affected(builds):
            yield About(shard, name, affected, advisory, prose)


def _bulletin(definition: Definition, url: str) -> str:
    """Return `PHSA-2019-3.0-0036` by its page; what has none names itself in its title."""
    number = url.rpartition("Security-Updates-")[2]
    if number and definition.issued:
        return f"PHSA-{definition.issued[:4]}-{number}"
    return definition.title.partition(" ")[0]


feed = Feed("photon", partial(_documents, f"{_BROADCOM}/{_LIST}"), parse,
            offers=tuple(f"Photon OS:{name}" for name in _RELEASES))  # fmt: skip
vmware = Feed("photon-vmware", partial(_documents, f"{_VMWARE}/{_LIST}"), parse, rank=1)
bulletins = Feed("photon-oval", partial(_documents, f"{_VMWARE}/{_OVAL}"), parse_oval, rank=12)
