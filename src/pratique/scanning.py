"""The whole product on one screen: source → layers → inventory → findings → report."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Literal, cast

from msgspec.structs import replace

from pratique.advised import matched_with_advisories
from pratique.base import base_of
from pratique.cache import Cache, MemoryCache, default_folder
from pratique.ignore import apply
from pratique.inventory import Analyzers, take_inventory
from pratique.inventory.directory import read_directory
from pratique.model.analyzer import Scanner
from pratique.model.check import Check
from pratique.model.event import Observe, ignore
from pratique.model.ignore_rule import Rule
from pratique.model.image import Image
from pratique.model.inventory import Inventory, Problem
from pratique.model.lifecycle import end_of_life
from pratique.model.report import Base, Lifecycle, Report
from pratique.model.runtimes import runtimes_in
from pratique.model.secret import Secret
from pratique.model.settings import Settings
from pratique.model.source import Source
from pratique.selection import asked_of, selected_from
from pratique.target import open_image

if TYPE_CHECKING:
    from pratique.secrets.search import Search

_DEFAULTS = Settings()
_NO_CONTENTS = "an SBOM lists no contents of files: secrets cannot be looked for"


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
    else:
        images = tuple(_with_masked_steps(image) for image in images)
    return images, inventories, notes


def _with_masked_steps(image: Image) -> Image:
    """Return an image whose layers do not tell the secrets of the steps that made them."""
    from pratique.codecs.secret_names import masked  # noqa: PLC0415 - where none are looked for

    layers = (replace(layer, created_by=masked(layer.created_by)) for layer in image.layers)
    return replace(image, layers=tuple(layers))


def inventory_of(
    image: Image, source: Source, settings: Settings = _DEFAULTS, observe: Observe = ignore
) -> Inventory:
    """Return what one image of a source holds, by its layers."""
    analyzers = _analyzers("installed", settings, None)
    return take_inventory(image, source.open, analyzers, open_cache(settings), observe)


def _as_attached(image: Image, source: Source, settings: Settings) -> Inventory | None:
    """Return what an SBOM that is attached to an image says, where one is asked for and found."""
    attached = getattr(source, "attached", None)
    if attached is None or not ("oci" in settings.sbom_source or settings.sbom_key):
        return None
    from pratique.sources.sbom import read_attached  # noqa: PLC0415 - few ask for it

    key = None
    if settings.sbom_key:
        from pratique.signing.keys import public_key  # noqa: PLC0415 - fewer still

        key = public_key(settings.sbom_key)
    return read_attached(image, attached(image), key)


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
    scanners = asked & {"secret", "misconfig", "license", "notice"}
    if asked & {"vuln", "license", "notice"} or not asked:
        scanners.add("package")
    if "notice" in scanners:  # which reads the same, and more
        scanners.discard("license")
    more = [search.analyzer] if search else []
    chosen = cast("set[Scanner]", scanners)
    return Analyzers(reads, _index(settings), chosen, more, settings.file_patterns)


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
    inventory = asked_of(inventory, settings)
    report = Report(
        name,
        "container_image" if image else "filesystem",
        inventory,
        (),
        image=image,
        problems=(*notes, *inventory.problems),
        base=base_of(image, inventory) if image else Base(0, "", ""),
        lifecycle=_lifecycle(inventory),
        runtimes=tuple(runtimes_in(inventory.packages, _now()[:10])),
        created=_now(),
        scanners=settings.scanners,
    )
    if "license" in settings.scanners or "notice" in settings.scanners:
        report = _with_licenses(report, settings)
    if "secret" in settings.scanners:
        report = _with_wanted_secrets(report, settings)
    if "misconfig" in settings.scanners:
        report = _with_misconfigurations(report, settings)
    if "vuln" in settings.scanners:
        report = matched_with_advisories(report, settings, observe)
    report = apply(report, rules)
    if settings.ignore_policy:
        from pratique import ignore_policy  # noqa: PLC0415 - few have one

        report = ignore_policy.apply(report, settings.ignore_policy)
    return selected_from(report, settings)


def _with_licenses(report: Report, settings: Settings) -> Report:
    from pratique.licensing import findings  # noqa: PLC0415 - its tables take 15 ms

    inventory, found = findings(report.inventory, settings, report.created[:10])
    asked = "license" in settings.scanners
    return replace(report, inventory=inventory, licenses=found if asked else ())


def _with_wanted_secrets(report: Report, settings: Settings) -> Report:
    from pratique.secrets.search import wanted  # noqa: PLC0415 - not of every scan

    chosen = wanted(report.inventory.secrets, settings)
    return replace(report, secrets=tuple(chosen))


def _with_misconfigurations(report: Report, settings: Settings) -> Report:
    # its checks are many
    from pratique.misconfig import examine, images_named  # noqa: PLC0415

    folder = report.name if os.path.isdir(report.name) else os.path.dirname(report.name) or "."
    root = "" if report.image else folder
    own, unusable = own_checks(settings)
    examined, problems = examine(
        report.inventory, report.image, report.name, root, settings, own, report.created[:10]
    )
    return replace(
        report,
        images=() if report.image else images_named(report.inventory.documents, root),
        examined=tuple(examined),
        problems=(*report.problems, *unusable, *problems),
    )


def own_checks(
    settings: Settings,
) -> tuple[tuple[tuple[str, Check], ...], tuple[Problem, ...]]:
    """Return the checks of the user's, each with the folder that it belongs to."""
    if not settings.config_check:
        return (), ()
    from pratique.custom import read_checks  # noqa: PLC0415 - few have their own

    found = read_checks(settings.config_check, settings.config_data, settings.check_namespaces)
    return found.checks, found.problems


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


def _lifecycle(inventory: Inventory) -> Lifecycle:
    if inventory.distro is None:
        return Lifecycle(None)
    return Lifecycle(*end_of_life(inventory.distro, _now()[:10]))


def _now() -> str:
    """Return the time, or SOURCE_DATE_EPOCH (https://reproducible-builds.org) where it is set."""
    stated = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(stated) if stated.isdigit() else time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
