"""The whole product on one screen: source → layers → inventory → findings → report."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Literal, cast

from msgspec.structs import replace

from pratique.advisories.database import Database
from pratique.advisories.refresh import outdated, refresh
from pratique.advisories.shard import shards_in
from pratique.base import base_of
from pratique.cache import Cache, MemoryCache, default_folder
from pratique.codecs.glob import compiled
from pratique.errors import DatabaseError
from pratique.ignore import Rule, judge, judge_secrets
from pratique.inventory import Analyzers, take_inventory
from pratique.inventory.directory import read_directory
from pratique.match import match, needed
from pratique.model.advisory import Advisories
from pratique.model.analyzer import Scanner
from pratique.model.event import Observe, ignore
from pratique.model.finding import Finding
from pratique.model.image import Image
from pratique.model.inventory import SYSTEM_TYPES, Inventory, Package, Problem
from pratique.model.lifecycle import end_of_life
from pratique.model.report import Base, Lifecycle, Report
from pratique.model.runtimes import runtimes_in
from pratique.model.secret import Secret
from pratique.model.settings import Settings
from pratique.model.source import Source
from pratique.target import open_image

if TYPE_CHECKING:
    from pratique.secrets.search import Search

_DEFAULTS = Settings()
_NO_CONTENTS = "an SBOM lists no contents of files: secrets cannot be looked for"
ENRICHMENT = ("EPSS", "KEV")
"""Shards that say of a flaw how it is used, whatever package it is in."""


def scan(
    target: str,
    settings: Settings = _DEFAULTS,
    observe: Observe = ignore,
    rules: Sequence[Rule] = (),
) -> list[Report]:
    """Scan an image, by its reference or from `settings.input`; one report for each platform.

    Raises SourceError where it cannot be had, MalformedError where it is broken, and DatabaseError
    where a shard is damaged. What could not be judged is among each report's problems.
    """
    images, inventories, notes = take(target, settings, observe)
    return [
        assess(inventory, settings, observe, rules, image=image, name=image.name, notes=notes)
        for image, inventory in zip(images, inventories, strict=True)
    ]


def take(
    target: str, settings: Settings = _DEFAULTS, observe: Observe = ignore
) -> tuple[Sequence[Image], list[Inventory], list[Problem]]:
    """Return the images of a target, what each holds, and what their source has to say."""
    cache = open_cache(settings)
    search = _search(settings)
    analyzers = _analyzers("installed", settings, search)
    with closing(open_image(target, settings)) as source:
        images = source.images(settings.platform)
        inventories = [
            _as_attached(image, source, settings)
            or take_inventory(image, source.open, analyzers, cache, observe)
            for image in images
        ]
        notes = [Problem(note) for note in getattr(source, "notes", ())]
    if search:
        configured = [search.in_configuration(image, cache) for image in images]
        inventories = [
            _with_secrets(inventory, one.secrets, search)
            for inventory, one in zip(inventories, configured, strict=True)
        ]
        told = zip(images, configured, strict=True)
        images = tuple(one.masked(image) for image, one in told)
    return images, inventories, notes


def _as_attached(image: Image, source: Source, settings: Settings) -> Inventory | None:
    """Return what an SBOM that is attached to an image says, where one is asked for and found."""
    attached = getattr(source, "attached", None)
    if "oci" not in settings.sbom_source or attached is None:
        return None
    from pratique.sources.sbom import read_attached  # noqa: PLC0415 - few ask for it

    return read_attached(image, attached(image))


def scan_directory(
    path: str,
    settings: Settings = _DEFAULTS,
    observe: Observe = ignore,
    rules: Sequence[Rule] = (),
    *,
    locked: bool = False,
) -> Report:
    """Scan an unpacked root file system, or (`locked`) a project by its lock files."""
    search = _search(settings)
    analyzers = _analyzers("locked" if locked else "installed", settings, search)
    inventory = read_directory(path, analyzers, settings)
    if search:
        inventory = _with_secrets(inventory, (), search)
    return assess(inventory, settings, observe, rules, name=path)


def _analyzers(
    reads: Literal["installed", "locked"], settings: Settings, search: Search | None
) -> Analyzers:
    """Return what reads files for the scanners that are asked for."""
    asked = set(settings.scanners)
    scanners = asked & {"secret", "misconfig", "license"}
    if "vuln" in asked or "license" in asked or not asked:
        scanners.add("package")
    more = [search.analyzer] if search else []
    return Analyzers(reads, _index(settings), cast("set[Scanner]", scanners), more)


def _search(settings: Settings) -> Search | None:
    """Return what looks for secrets, where that is asked for."""
    if "secret" not in settings.scanners:
        return None
    from pratique.secrets.search import Search  # noqa: PLC0415 - not of every scan

    return Search(settings, _index(settings))


def _with_secrets(inventory: Inventory, more: Sequence[Secret], search: Search) -> Inventory:
    """Return an inventory with more secrets, their providers asked where that is wanted."""
    return replace(inventory, secrets=tuple(search.verified([*more, *inventory.secrets])))


def scan_sbom(
    path: str,
    settings: Settings = _DEFAULTS,
    observe: Observe = ignore,
    rules: Sequence[Rule] = (),
) -> list[Report]:
    """Scan what an SBOM describes, one report for each image; `-` is standard input.

    Raises NotFound where there is no such file, and MalformedError where it is no SBOM.
    """
    from pratique.sources.sbom import read_sbom  # noqa: PLC0415 - an image has no need of it

    reports = []
    notes = [Problem(_NO_CONTENTS)] if "secret" in settings.scanners else []
    for one in read_sbom(path):
        report = assess(
            one.inventory, settings, observe, rules,
            image=one.image, name=one.name, notes=notes,
        )  # fmt: skip
        # its layers may stand there in any order, so that nothing but a statement tells a base
        reports.append(replace(report, base=one.base or Base(0, "", "")))
    return reports


def assess(
    inventory: Inventory,
    settings: Settings = _DEFAULTS,
    observe: Observe = ignore,
    rules: Sequence[Rule] = (),
    *,
    name: str = "",
    image: Image | None = None,
    notes: Sequence[Problem] = (),
) -> Report:
    """Match an inventory against the advisories, and judge what is found.

    The image itself is not needed: yesterday's inventory will do.
    """
    inventory = replace(inventory, packages=tuple(_selected(inventory, settings)))
    report = Report(
        name,
        "container_image" if image else "filesystem",
        inventory,
        (),
        image=image,
        problems=(*notes, *inventory.problems, *_not_done(settings)),
        base=base_of(image, inventory) if image else Base(0, "", ""),
        lifecycle=_lifecycle(inventory),
        runtimes=tuple(runtimes_in(inventory.packages, _now()[:10])),
        created=_now(),
        scanners=settings.scanners,
    )
    if "secret" in settings.scanners:
        report = _with_judged_secrets(report, settings, rules)
    if "misconfig" in settings.scanners:
        report = _with_misconfigurations(report, settings)
    return _judged(report, settings, observe, rules) if "vuln" in settings.scanners else report


def _with_judged_secrets(report: Report, settings: Settings, rules: Sequence[Rule]) -> Report:
    from pratique.secrets.search import wanted  # noqa: PLC0415 - not of every scan

    chosen = wanted(report.inventory.secrets, settings)
    judged = judge_secrets(chosen, rules, report.name, report.created[:10])
    return replace(report, secrets=tuple(judged))


def _with_misconfigurations(report: Report, settings: Settings) -> Report:
    from pratique.misconfig import examine, with_severities  # noqa: PLC0415 - its checks are many

    folder = report.name if os.path.isdir(report.name) else os.path.dirname(report.name) or "."
    root = "" if report.image else folder
    examined, problems = examine(report.inventory, report.image, report.name, root)
    return replace(
        report,
        examined=tuple(with_severities(one, settings.severity) for one in examined),
        problems=(*report.problems, *problems),
    )


def _judged(report: Report, settings: Settings, observe: Observe, rules: Sequence[Rule]) -> Report:
    """Return a report with its findings, and with what could not be checked."""
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
        judged = judge(matched.findings, rules, report.name, report.created[:10])
        wanted = [finding for finding in judged if is_wanted(finding, settings)]
        if any(name != "table" for name, _ in settings.outputs):
            wanted = [_worded(finding, advisories) for finding in wanted]
        return replace(
            report,
            findings=tuple(finding for finding in wanted if not finding.reason),
            suppressed=tuple(finding for finding in wanted if finding.reason),
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


def database_folder(settings: Settings) -> str:
    return os.path.join(settings.cache_dir or default_folder(), "db")


def _index(settings: Settings) -> Cache:
    """Return where the index of the analyzers is kept, which is of this program and no image.

    That is beside Python's own compiled files; where these are not written, with the layers.
    """
    compiled = os.path.join(os.path.dirname(__file__), "__pycache__")
    if not sys.dont_write_bytecode and os.access(compiled, os.W_OK):
        return Cache(os.path.join(compiled, "index"))
    return Cache(os.path.join(settings.cache_dir or default_folder(), "index"))


def open_cache(settings: Settings) -> Cache:
    """Return the cache of layers; with `no_cache` one that ends with this process."""
    if settings.no_cache or settings.secret_verify:  # what is kept holds no secret to ask about
        return MemoryCache()
    return Cache(os.path.join(settings.cache_dir or default_folder(), "layers"))


def _selected(inventory: Inventory, settings: Settings) -> Iterator[Package]:
    """Yield the packages that the settings ask for."""
    files = [compiled(glob) for glob in settings.skip_files]
    folders = [compiled(glob.rstrip("/") + "/**") for glob in settings.skip_dirs]
    for package in inventory.packages:
        kind = "os" if package.type in SYSTEM_TYPES else "library"
        if (
            kind in settings.pkg_types
            and (settings.include_dev_deps or not package.dev)
            and not any(matches(package.path) for matches in (*files, *folders))
        ):
            yield package


def is_wanted(finding: Finding, settings: Settings) -> bool:
    """Tell whether a finding is to be reported, by severity, fix and status."""
    return (
        finding.severity in settings.severity
        and not (settings.ignore_unfixed and not finding.fixed)
        and finding.status not in settings.ignore_status
    )


def _worded(finding: Finding, database: Advisories) -> Finding:
    """Return a finding with its words: those of the record that has a title."""
    found = [database.prose(finding.ecosystem, number) for number in finding.numbers]
    best = next((p for p in found if p.title), next((p for p in found if p.description), None))
    return replace(finding, prose=best) if best else finding


def _not_done(settings: Settings) -> Iterator[Problem]:
    for scanner in settings.scanners:
        if scanner not in ("vuln", "misconfig", "secret"):
            yield Problem(f"this version has no {scanner} scanner: not looked for")


def _lifecycle(inventory: Inventory) -> Lifecycle:
    if inventory.distro is None:
        return Lifecycle(None)
    return Lifecycle(*end_of_life(inventory.distro, _now()[:10]))


def _now() -> str:
    """Return the time, or SOURCE_DATE_EPOCH (https://reproducible-builds.org) where it is set."""
    stated = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(stated) if stated.isdigit() else time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
