"""CISA's catalogue of known exploited vulnerabilities (https://www.cisa.gov/kev)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from msgspec import DecodeError, Struct, ValidationError, field, json

from pratique.errors import MalformedError
from pratique.model.advisory import Exploited, Flaw
from pratique.model.feed import Feed, Known

_ADDRESS = "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"


class _Entry(Struct, rename="camel"):
    id: str = field(name="cveID")
    date_added: str
    due_date: str = ""
    known_ransomware_campaign_use: str = ""
    cwes: list[str] = []


class _Catalogue(Struct):
    vulnerabilities: list[_Entry]


def documents(ecosystem: str) -> tuple[str, ...]:
    """Return the catalogue's address for the shard that is named like it."""
    return (_ADDRESS,) if ecosystem == "KEV" else ()


def parse(file: BinaryIO, where: str) -> Iterator[Known]:
    """Yield one record for each entry."""
    try:
        catalogue = json.decode(file.read(), type=_Catalogue)
    except (ValidationError, DecodeError, RecursionError) as error:
        raise MalformedError(f"no KEV catalogue: {error}", where) from error
    for entry in catalogue.vulnerabilities:
        ransomware = entry.known_ransomware_campaign_use == "Known"
        exploited = Exploited(entry.date_added, entry.due_date, ransomware)
        yield Known(entry.id, Flaw(cwes=tuple(entry.cwes), exploited=exploited))


feed = Feed("kev", documents, parse)
