"""NVD's CVSS vectors and CWE ids, a file a year (https://nvd.nist.gov/vuln/data-feeds, 2.0)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, BinaryIO

from msgspec import DecodeError, Raw, Struct, ValidationError, field, json

from pratique.codecs import cvss
from pratique.errors import LimitExceeded, MalformedError
from pratique.model.advisory import Flaw, Rating
from pratique.model.feed import Feed, Known, Unread

_HOST = "https://nvd.nist.gov/feeds/json/cve/2.0"
_FIRST = 2002
_DOCUMENT_LIMIT = 1 << 30


class _Data(Struct, rename="camel"):
    vector_string: str = ""


class _Metric(Struct, rename="camel"):
    cvss_data: _Data
    type: str = ""


class _Metrics(Struct):
    v40: list[_Metric] = field(default_factory=list, name="cvssMetricV40")
    v31: list[_Metric] = field(default_factory=list, name="cvssMetricV31")
    v30: list[_Metric] = field(default_factory=list, name="cvssMetricV30")
    v2: list[_Metric] = field(default_factory=list, name="cvssMetricV2")


class _Text(Struct):
    value: str = ""


class _Weakness(Struct):
    description: list[_Text] = []


class _Cve(Struct, rename="camel"):
    id: str
    vuln_status: str = ""
    metrics: _Metrics | None = None
    weaknesses: list[_Weakness] = []


class _Item(Struct):
    cve: _Cve


class _Feed(Struct):
    vulnerabilities: list[Raw]


# made here: types that are first used by several threads at once crash msgspec 0.22
_FEED = json.Decoder(_Feed)
_ITEM = json.Decoder(_Item)


def documents(ecosystem: str) -> tuple[str, ...]:
    """Return the addresses for the flaws of a year (`CVE:2023`): its file, and what changed since.

    The file of 2002 holds the older years too.
    """
    family, _, year = ecosystem.partition(":")
    if family != "CVE" or not year.isdigit():
        return ()
    names = (str(max(int(year), _FIRST)), "modified")
    return tuple(f"{_HOST}/nvdcve-2.0-{name}.json.gz" for name in names)


def parse(file: BinaryIO, where: str) -> Iterator[Known | Unread]:
    """Yield the ratings of each CVE that has any; rejected ones are left out."""
    for number, raw in enumerate(_decoded(file, where).vulnerabilities):
        try:
            cve = _ITEM.decode(raw).cve
        except (ValidationError, DecodeError, RecursionError) as error:
            yield Unread(f"vulnerability {number + 1}", str(error))
            continue
        ratings = tuple(_ratings(cve.metrics)) if cve.metrics else ()
        cwes = tuple(dict.fromkeys(
            text.value for weakness in cve.weaknesses for text in weakness.description
            if text.value.startswith("CWE-")
        ))  # fmt: skip
        if (ratings or cwes) and cve.vuln_status != "Rejected":
            yield Known(cve.id, Flaw(ratings, cwes))


def _ratings(metrics: _Metrics) -> Iterator[Rating]:
    """Yield one for each version: NVD's own before others', which it lists as Secondary."""
    modern = [m for m in map(_chosen, (metrics.v40, metrics.v31 or metrics.v30)) if m]
    modern.sort(key=lambda metric: metric.type != "Primary")
    oldest = _chosen(metrics.v2)
    for metric in (*modern, *([oldest] if oldest else [])):
        vector = metric.cvss_data.vector_string
        if vector and (score := cvss.score(vector)) is not None:
            yield Rating("nvd", cvss.severity(score, vector), vector, score)


def _chosen(group: list[_Metric]) -> _Metric | None:
    return next((m for m in group if m.type == "Primary"), group[0] if group else None)


def _decoded(file: BinaryIO, where: str) -> _Feed:
    import gzip  # noqa: PLC0415 - only who builds a database pays for it
    import zlib  # noqa: PLC0415

    unpacked: Any = gzip.GzipFile(fileobj=file)
    try:
        data = unpacked.read(_DOCUMENT_LIMIT + 1)
        if len(data) > _DOCUMENT_LIMIT:
            raise LimitExceeded(f"{where}: unpacks to more than {_DOCUMENT_LIMIT} bytes")
        return _FEED.decode(data)
    except (OSError, EOFError, zlib.error, ValidationError, DecodeError, RecursionError) as error:
        raise MalformedError(f"no NVD feed: {error}", where) from error


_YEARS = range(1999, time.gmtime().tm_year + 1)
# The .meta files beside these are not read: the host answers conditional requests
feed = Feed("nvd", documents, parse, offers=tuple(f"CVE:{year}" for year in _YEARS))
