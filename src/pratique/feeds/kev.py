"""CISA's catalogue of known exploited vulnerabilities (https://www.cisa.gov/kev)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from msgspec import DecodeError, Raw, Struct, ValidationError, field, json

from pratique.errors import LimitExceeded, MalformedError
from pratique.model.advisory import Exploited, Flaw
from pratique.model.feed import Feed, Known, Unread

_ADDRESS = "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"
_LIMIT = 128 << 20


class _Entry(Struct, rename="camel"):
    id: str = field(name="cveID")
    date_added: str
    due_date: str = ""
    known_ransomware_campaign_use: str = ""
    cwes: list[str] = []


class _Catalogue(Struct):
    vulnerabilities: list[Raw]
    count: int | None = None


# made here: types that are first used by several threads at once crash msgspec 0.22
_CATALOGUE = json.Decoder(_Catalogue)
_ENTRY = json.Decoder(_Entry)


def documents(ecosystem: str) -> tuple[str, ...]:
    """Return the catalogue's address for the shard that is named like it."""
    return (_ADDRESS,) if ecosystem == "KEV" else ()


def parse(file: BinaryIO, where: str) -> Iterator[Known | Unread]:
    """Yield one record for each entry."""
    data = file.read(_LIMIT + 1)
    if len(data) > _LIMIT:
        raise LimitExceeded(f"{where}: more than {_LIMIT} bytes")
    try:
        catalogue = _CATALOGUE.decode(data)
    except (ValidationError, DecodeError, RecursionError) as error:
        raise MalformedError(f"no KEV catalogue: {error}", where) from error
    if catalogue.count not in (None, len(catalogue.vulnerabilities)):
        found = len(catalogue.vulnerabilities)
        raise MalformedError(f"{found} entries of {catalogue.count}", where)
    for number, raw in enumerate(catalogue.vulnerabilities):
        try:
            entry = _ENTRY.decode(raw)
        except (ValidationError, DecodeError, RecursionError) as error:
            yield Unread(f"entry {number + 1}", str(error))
            continue
        ransomware = entry.known_ransomware_campaign_use == "Known"
        exploited = Exploited(entry.date_added, entry.due_date, ransomware)
        yield Known(entry.id, Flaw(cwes=tuple(entry.cwes), exploited=exploited))


feed = Feed("kev", documents, parse, offers=("KEV",))
