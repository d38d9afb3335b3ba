"""Scan the images that Compose files name, where that is asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from pratique.codecs.reference import parse
from pratique.credentials import withheld
from pratique.errors import NotFound, PratiqueError
from pratique.model.event import Observe, ignore
from pratique.model.ignore_rule import Rule
from pratique.model.inventory import Problem
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.scanning import assess, scan, take


def with_images(
    report: Report, settings: Settings, observe: Observe = ignore, rules: Sequence[Rule] = ()
) -> list[Report]:
    """Return a report of a project, and one for each image that it names, in their order.

    With `settings.input` images come from that archive, or from the archives of that folder, by
    their tags; else from registries and engines as for `image`. One that cannot be had is a problem
    of the project's report.
    """
    try:
        archives = _archives(settings.input) if settings.input else None
    except PratiqueError as error:
        return [replace(report, problems=(*report.problems, Problem(error.message)))]
    reports: list[Report] = []
    problems: list[Problem] = []
    if archives is None and report.images:
        problems += (Problem(told) for told in withheld(settings))
    # files of the project name the registries: none of them must be sent a password for that
    plain = replace(settings, credentials_for="")
    for name in report.images:
        try:
            reports += _scanned(name, archives, plain, observe, rules)
        except PratiqueError as error:
            problems.append(Problem(f"image {name} was not scanned: {error.message}"))
    return [replace(report, problems=(*report.problems, *problems)), *reports]


def _scanned(
    name: str,
    archives: Mapping[str, str] | None,
    settings: Settings,
    observe: Observe,
    rules: Sequence[Rule],
) -> list[Report]:
    if archives is None:
        return scan(name, settings, observe, rules)
    path = archives.get(str(parse(name)))
    if path is None:
        raise NotFound(f"{settings.input} holds no image of that name")
    images, inventories, notes = take("", replace(settings, input=path), observe)
    return [
        assess(held, settings, observe, rules, image=image, name=name, notes=notes)
        for image, held in zip(images, inventories, strict=True)
    ]


def _archives(path: str) -> dict[str, str]:
    """Map the names that archives give their images to the archives."""
    from pratique.sources.archive import Archive  # noqa: PLC0415 - few ask for it

    is_folder = os.path.isdir(path) and not os.path.exists(os.path.join(path, "index.json"))
    names = sorted(os.listdir(path)) if is_folder else [""]
    found: dict[str, str] = {}
    for name in names:
        one = os.path.join(path, name) if name else path
        try:
            archive = Archive(one)
        except PratiqueError:
            if not is_folder:  # of a folder it is another file
                raise
            continue
        try:
            tags = [tag for image in archive.images("all") for tag in image.tags]
            found.update((str(parse(tag)), one) for tag in tags)
        except PratiqueError:
            if not is_folder:
                raise
        finally:
            archive.close()
    return found
