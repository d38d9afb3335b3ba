"""Match an inventory against the advisories: those that are due are fetched first."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import closing

from msgspec.structs import replace

from pratique.advisories.database import Database
from pratique.advisories.refresh import outdated, refresh
from pratique.advisories.shard import shards_in
from pratique.cache import default_folder
from pratique.errors import DatabaseError
from pratique.match import match, needed
from pratique.model.advisory import Advisories
from pratique.model.event import Observe
from pratique.model.finding import Finding
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.selection import is_wanted

ENRICHMENT = ("EPSS", "KEV")
"""Shards that say of a flaw how it is used, whatever package it is in."""


def matched_with_advisories(report: Report, settings: Settings, observe: Observe) -> Report:
    """Return a report with all findings, and with what could not be checked."""
    folder = database_folder(settings)
    problems = refresh(folder, needed(report.inventory) | {"KEV"}, settings, observe)
    with closing(Database(folder)) as database:
        advisories = with_own(database, settings)
        matched = match(report.inventory, advisories)
        if due := _of_flaws(matched.findings, folder, settings):
            more = refresh(folder, due, settings, observe)
            problems += [problem for problem in more if problem not in problems]
            database.forget(due)
            matched = match(report.inventory, advisories)
        _refuse_stale(database, needed(report.inventory), settings)
        findings = matched.findings
        if any(name != "table" for name, _ in settings.outputs):
            findings = tuple(
                _worded(one, advisories) if is_wanted(one, settings) else one for one in findings
            )
        return replace(
            report,
            findings=tuple(findings),
            problems=(*report.problems, *problems, *matched.problems),
            missing=matched.missing,
            shards=tuple(advisories.shards()),
        )


def with_own(database: Database, settings: Settings) -> Advisories:
    """Return the database, with the records of `settings.advisories` beside it if there are any."""
    if not settings.advisories:
        return database
    from pratique.advisories.own import Own, read  # noqa: PLC0415 - the parser costs 30 ms

    return Own(database, read(settings.advisories), settings.advisories)


def _refuse_stale(database: Database, shards: set[str], settings: Settings) -> None:
    """Raise DatabaseError for advisories that are too old, where the settings ask for that."""
    if not settings.refuse_stale:
        return
    limit = time.gmtime(time.time() - settings.max_db_age * 3600)
    oldest = time.strftime("%Y-%m-%dT%H:%M:%SZ", limit)
    stale = [
        shard.name
        for shard in database.shards()
        if shard.name in shards and (shard.starter or shard.built < oldest)
    ]
    if stale:
        raise DatabaseError(
            f"advisories are older than {settings.max_db_age:g} hours: {', '.join(stale)}",
            "`pratique db update`, or allow for it with --max-db-age",
        )


def _of_flaws(findings: Sequence[Finding], folder: str, settings: Settings) -> list[str]:
    """Return the shards about CVEs that are due: how likely they are used, and NVD's ratings.

    NVD's are asked for findings that nobody else rates. They are some 20 MB a year to fetch, so a
    scan takes them from a mirror or a shared database, or renews those that are here; `pratique db
    update --ecosystem CVE:2023` fetches others.
    """
    cves = [finding for finding in findings if finding.id.startswith("CVE-")]
    years = {f"CVE:{finding.id[4:8]}" for finding in cves if not finding.ratings}
    if not (settings.feed_mirror or settings.db_repository):
        years &= set(shards_in(folder))
    return outdated(folder, years | ({"EPSS"} if cves else set()), settings)


def _worded(finding: Finding, database: Advisories) -> Finding:
    """Return a finding with its words: those of the record that has a title."""
    found = [database.prose(finding.ecosystem, number) for number in finding.numbers]
    best = next((p for p in found if p.title), next((p for p in found if p.description), None))
    return replace(finding, prose=best) if best else finding


def database_folder(settings: Settings) -> str:
    return os.path.join(settings.cache_dir or default_folder(), "db")
