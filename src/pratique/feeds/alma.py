"""AlmaLinux: its errata, which name the stream and the architecture of each package.

https://errata.almalinux.org/; `errata.full.json` is the present form, `errata.json` the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from msgspec import DecodeError, Struct, ValidationError, field, json

from pratique.codecs import rpmbuilds, updateinfo
from pratique.codecs.rpmbuilds import Build
from pratique.errors import LimitExceeded, MalformedError
from pratique.model.advisory import Advisory, Prose
from pratique.model.feed import About, Feed, Record, Unread

_HOST = "https://errata.almalinux.org"
_RELEASES = ("8", "9", "10")
_DOCUMENT_LIMIT = 1 << 30


class _Package(Struct):
    name: str
    version: str
    release: str
    epoch: str | int | None = None
    arch: str = ""
    module: str | None = None


class _Module(Struct):
    name: str = ""
    stream: str = ""


class _PackageList(Struct):
    packages: list[_Package] = []
    module: _Module | None = None


class _Date(Struct):
    milliseconds: int = field(name="$date", default=0)


class _Reference(Struct):
    id: str = ""
    type: str = ""
    href: str = ""


class _Erratum(Struct):
    """Of either form: the older calls the id `updateinfo_id`, and has dates in milliseconds."""

    id: str = ""
    updateinfo_id: str = ""
    type: str = ""
    title: str = ""
    description: str = ""
    severity: str | None = None
    issued_date: int | float | _Date = 0
    updated_date: int | float | _Date = 0
    packages: list[_Package] = []
    pkglist: _PackageList | None = None
    references: list[_Reference] = []


class _Errata(Struct):
    data: list[_Erratum]


# made at import: msgspec 0.22 may crash where threads are the first to use a type
_LIST = json.Decoder(list[_Erratum])
_DECODER = json.Decoder(_Errata)


def documents(shard: str) -> tuple[str, ...]:
    """Return the address of a release's errata."""
    family, _, release = shard.partition(":")
    if family != "AlmaLinux":
        return ()
    chosen = _RELEASES if release == "*" else tuple({release} & set(_RELEASES))
    return tuple(f"{_HOST}/{name}/errata.full.json" for name in chosen)


def parse(file: BinaryIO, where: str) -> Iterator[Record]:
    """Yield what each security erratum says of each package."""
    release = where.removeprefix(f"{_HOST}/").partition("/")[0]
    shard = f"AlmaLinux:{release}" if release.isdigit() else ""
    for erratum in _decoded(file, where):
        if erratum.type == "security":
            yield from _records(erratum, shard)


def _decoded(file: BinaryIO, where: str) -> list[_Erratum]:
    data = file.read(_DOCUMENT_LIMIT + 1)
    if len(data) > _DOCUMENT_LIMIT:
        raise LimitExceeded(f"{where}: more than {_DOCUMENT_LIMIT} bytes")
    try:
        if data.lstrip()[:1] == b"[":
            return _LIST.decode(data)
        return _DECODER.decode(data).data
    except (ValidationError, DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(f"no errata: {error}", where) from error


def _records(erratum: _Erratum, shard: str) -> Iterator[Record]:
    id = erratum.id or erratum.updateinfo_id
    builds = list(_builds(erratum))
    if not id or not builds or not all(build.name for build in builds):
        reason = "it has no id, no packages, or one without a name"
        yield Unread(id or erratum.title or "an erratum", reason)
        return
    flaws = {r.id for r in erratum.references if r.type == "cve" and r.id.startswith("CVE-")}
    issued, updated = _time(erratum.issued_date), _time(erratum.updated_date)
    advisory = Advisory(
        id, (), tuple(sorted(flaws)), tuple(updateinfo.rating("alma", erratum.severity or "")), (),
        issued, updated or issued,
    )  # fmt: skip
    urls = tuple(dict.fromkeys(r.href for r in erratum.references if r.href))
    for name, affected in rpmbuilds.affected(builds):
        yield About(shard, name, affected, advisory,
                    Prose(erratum.title, erratum.description, urls))  # fmt: skip


def _builds(erratum: _Erratum) -> Iterator[Build]:
    listed = erratum.pkglist or _PackageList()
    stream = f"{listed.module.name}:{listed.module.stream}" if listed.module else ""
    for package in (*erratum.packages, *listed.packages):
        own = ":".join((package.module or "").split(":")[:2])
        module = own or (stream if stream != ":" else "")
        version = rpmbuilds.evr(str(package.epoch or ""), package.version, package.release)
        yield Build(package.name, version, package.arch, module)


def _time(written: float | _Date) -> str:
    seconds = written.milliseconds / 1000 if isinstance(written, _Date) else written
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}" if seconds else ""
    except (OverflowError, ValueError, OSError):
        return ""


feed = Feed("alma", documents, parse, offers=tuple(f"AlmaLinux:{name}" for name in _RELEASES))
