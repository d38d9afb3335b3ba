"""EPSS: how likely each CVE is to be exploited within 30 days (https://www.first.org/epss/)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from pratique.errors import LimitExceeded, MalformedError
from pratique.model.advisory import Epss, Flaw
from pratique.model.feed import Feed, Known, Unread

_FILE = "epss_scores-current.csv.gz"
_HOST = "https://epss.empiricalsecurity.com"
_OLDER_HOST = "https://epss.cyentia.com"
_LINE_LIMIT = 1 << 12
_LINES = 10_000_000
# `#model_version:v2025.03.14,score_date:2026-08-16T00:00:00+0000`; files of 2021 have no such line
_DATE = re.compile(r"#.*\bscore_date:(\d{4}-\d\d-\d\d)", re.ASCII)
_HEADER = "cve,epss,percentile"


def documents(ecosystem: str) -> tuple[str, ...]:
    """Return the address of the newest scores for the shard that is named like them."""
    return (f"{_HOST}/{_FILE}",) if ecosystem == "EPSS" else ()


def older_documents(ecosystem: str) -> tuple[str, ...]:
    """Return the address where they were served before."""
    return (f"{_OLDER_HOST}/{_FILE}",) if ecosystem == "EPSS" else ()


def parse(file: BinaryIO, where: str) -> Iterator[Known | Unread]:
    """Yield one record for each CVE; a line that is no score is named."""
    import gzip  # noqa: PLC0415 - only who builds a database pays for it
    import io  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    unpacked: Any = gzip.GzipFile(fileobj=file)
    try:
        text = io.TextIOWrapper(unpacked, "utf-8", "replace", newline="\n")
        yield from _scores(_lines(text, where), where)
    except (OSError, EOFError, zlib.error) as error:
        raise MalformedError(f"no EPSS scores: {error}", where) from error


def _lines(text: Any, where: str) -> Iterator[str]:
    for _ in range(_LINES):
        line = text.readline(_LINE_LIMIT)
        if not line:
            return
        yield line
    raise LimitExceeded(f"{where}: more than {_LINES} lines")


def _scores(lines: Iterable[str], where: str) -> Iterator[Known | Unread]:
    lines = iter(lines)
    first = next(lines, "")
    dated = _DATE.match(first)
    header = next(lines, "") if first.startswith("#") else first
    if header.strip() != _HEADER:
        raise MalformedError(f"no EPSS scores: begins with {header[:60]!r}", where)
    date = dated[1] if dated else ""
    for line in lines:
        try:
            id, score, percentile = line.split(",")
            epss = Epss(round(float(score) * 100_000), round(float(percentile) * 100_000), date)
        except (ValueError, OverflowError):
            yield Unread(line[:60].strip(), "not `cve,epss,percentile`")
            continue
        if id.startswith("CVE-") and 0 <= epss.score <= 1 and 0 <= epss.percentile <= 1:
            yield Known(id, Flaw(epss=epss))
        else:
            yield Unread(line[:60].strip(), "no CVE with two shares of 1")


feed = Feed("epss", documents, parse, offers=("EPSS",))
older = Feed("epss-cyentia", older_documents, parse, rank=1)
