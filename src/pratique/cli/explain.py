"""`explain`: what the database knows of a flaw, and why an image has it or has it not."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from pratique.advised import database_folder
from pratique.advisories.database import Database
from pratique.advisories.lookup import Explained, Known, explain
from pratique.advisories.own import read
from pratique.cli.parser import Asked
from pratique.cli.progress import watch
from pratique.cli.time_limit import time_limit
from pratique.cli.writing import write_file
from pratique.codecs.plaintext import printable
from pratique.explaining import Reason, reasons
from pratique.findings import chosen_rating
from pratique.match import needed
from pratique.model.advisory import Advisory, Affected, Rating
from pratique.model.image import Image
from pratique.scanning import take

_NOTHING_KNOWN = 5
_CHECK = re.compile(r"(?!CVE-|GHSA-)[A-Za-z][\w.-]{2,40}", re.IGNORECASE)
"""What may be the id of a check of configuration: DF-0002, DS002, CIS-4.1."""
_MOST_PACKAGES = 12
_MOST_REFERENCES = 15


def run(asked: Asked) -> int:
    """Print what is known; return 5 where nothing is, so that a typing error is noticed."""
    chosen = asked.settings
    if _CHECK.fullmatch(asked.words["id"]) and (text := _of_check(asked.words["id"])):
        write_file(text, chosen.file)
        return 0
    own = read(chosen.advisories) if chosen.advisories else []
    with closing(Database(database_folder(chosen))) as database:
        explained = explain(_written(asked.words["id"]), database, own)
    lines = list(_lines(explained))
    if asked.target or chosen.input:
        with time_limit(chosen.timeout), watch(chosen) as observe:
            images, inventories, _ = take(asked.target, chosen, observe)
        for image, inventory in zip(images, inventories, strict=True):
            found = reasons(explained, inventory)
            absent = needed(inventory) - {shard.name for shard in explained.shards}
            lines += ["", *_of_image(image, found, len(inventory.packages), sorted(absent))]
    write_file("\n".join(lines) + "\n", chosen.file)
    return 0 if explained.records or explained.flaw.ratings else _NOTHING_KNOWN


def _of_check(id: str) -> str:
    from pratique.cli.known_checks import explained  # noqa: PLC0415 - every check is imported

    return explained(id)


def _written(id: str) -> str:
    """Return an id as its publisher writes it: `cve-2021-44228` is typed often."""
    prefix = id.partition("-")[0].upper()
    return prefix + id[len(prefix) :] if prefix in ("CVE", "GHSA") else id


def _lines(explained: Explained) -> Iterator[str]:
    if not explained.records and not explained.flaw.ratings:
        yield f"{explained.id}: none of the {len(explained.shards)} shards here knows it"
        yield "  `pratique db info` lists them; `pratique db update --all` fetches the others"
        return
    ratings = _ratings(explained)
    rating = chosen_rating(ratings, system=False)
    yield f"{explained.id}  {rating.severity}" + (f" ({rating.source})" if rating.source else "")
    title = next((k.prose.title for k in explained.records if k.prose.title), "")
    if title:
        yield f"  {printable(title)}"
    if explained.ids:
        yield f"  also known as {', '.join(explained.ids)}"
    yield from _use(explained)
    yield from _severities(ratings, explained)
    yield from _affected(explained.records)
    yield from _references(explained.records)


def _ratings(explained: Explained) -> list[Rating]:
    every = [r for known in explained.records for r in known.advisory.ratings]
    return list(dict.fromkeys([*every, *explained.flaw.ratings]))


def _use(explained: Explained) -> Iterator[str]:
    if entry := explained.flaw.exploited:
        due = f", to be fixed by {entry.due}" if entry.due else ""
        ransomware = ", by ransomware" if entry.ransomware else ""
        yield f"  exploited: in CISA's catalogue since {entry.added}{due}{ransomware}"
    if epss := explained.flaw.epss:
        yield (f"  EPSS: {epss.score:.2%} likely to be exploited within 30 days, more than "
               f"{epss.percentile:.1%} of all flaws ({epss.date})")  # fmt: skip


def _severities(ratings: Sequence[Rating], explained: Explained) -> Iterator[str]:
    cwes = dict.fromkeys(c for k in explained.records for c in k.advisory.cwes)
    cwes |= dict.fromkeys(explained.flaw.cwes)
    if ratings:
        yield ""
        yield "Severity, by source"
    for rating in sorted(ratings, key=lambda r: (r.source, r.vector)):
        score = f"{rating.score:4.1f}  {rating.vector}" if rating.vector else ""
        yield f"  {rating.source:10} {rating.severity:8}  {score}".rstrip()
    if cwes:
        yield f"  weakness: {', '.join(cwes)}"


def _affected(records: Sequence[Known]) -> Iterator[str]:
    if not records:
        return
    yield ""
    yield "Affected, by advisory"
    for known in records:
        yield f"  {known.shard}  {known.advisory.id}{_dates(known.advisory)}"
        for name, affected in known.packages[:_MOST_PACKAGES]:
            yield f"    {printable(name)}  {_stretches(affected)}"
        if len(known.packages) > _MOST_PACKAGES:
            yield f"    and {len(known.packages) - _MOST_PACKAGES} more packages"


def _dates(advisory: Advisory) -> str:
    parts = [f"published {advisory.published[:10]}"] if advisory.published else []
    parts += [f"modified {advisory.modified[:10]}"] if advisory.modified else []
    return f"  ({', '.join(parts)})" if parts else ""


def _stretches(affected: Affected) -> str:
    parts = [stretch.written() for stretch in affected.ranges]
    if affected.versions:
        shown = ", ".join(affected.versions[:5])
        more = len(affected.versions) - 5
        parts.append(f"versions {shown}" + (f" and {more} more" if more > 0 else ""))
    status = "" if affected.status == "affected" else f"  [{affected.status.replace('_', ' ')}]"
    module = f"  (module {affected.module})" if affected.module else ""
    return " | ".join(parts) + status + module


def _references(records: Iterable[Known]) -> Iterator[str]:
    urls = list(dict.fromkeys(url for known in records for url in known.prose.references))
    if not urls:
        return
    yield ""
    yield "References"
    for url in urls[:_MOST_REFERENCES]:
        yield f"  {printable(url)}"
    if len(urls) > _MOST_REFERENCES:
        yield f"  and {len(urls) - _MOST_REFERENCES} more"


def _of_image(
    image: Image, found: Sequence[Reason], packages: int, absent: Sequence[str]
) -> Iterator[str]:
    platform = f" ({image.platform})" if image.platform else ""
    yield f"In {printable(image.name)}{platform}"
    if not found:
        yield f"  none of its {packages} packages is named by an advisory of this flaw"
    if absent:
        yield f"  not known: there are no advisories here for {', '.join(absent)}"
    for reason in found:
        package = reason.package
        word = "AFFECTED    " if reason.affected else "not affected"
        where = os.path.join(package.path, package.inner) if package.inner else package.path
        layer = f", layer #{package.changed + 1}" if package.changed >= 0 else ""
        yield f"  {word}  {printable(package.name)} {package.version}"
        yield f"      {printable(reason.because)}"
        yield f"      {reason.record} in {reason.shard}; {printable(where)}{layer}"
