"""Base images for `fix image`: asked for at their registry, scanned, weighed and shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Protocol

from msgspec import json
from msgspec.structs import replace

from pratique import rebuilding, scanning
from pratique.bases import Weighed, chosen, defaults, hinders, notes, starting
from pratique.cli import base_kin
from pratique.cli.registry_tags import Tags
from pratique.codecs.base_kin import KINDS
from pratique.codecs.base_tags import ORDER, Candidate, candidates
from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.images import over, reference
from pratique.codecs.dockerfile.rewriting import root_of
from pratique.codecs.moments import days_between
from pratique.codecs.plaintext import printable
from pratique.codecs.reference import Reference
from pratique.comparison import by_severity
from pratique.errors import PratiqueError, UsageError
from pratique.formats.table.grid import Style, grid
from pratique.model.event import Observe
from pratique.model.format import Look
from pratique.model.image import Image
from pratique.model.inventory import Inventory
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.upgrades import risk

_COLUMNS = ("BASE", "KIND", "FINDINGS", "CRITICAL", "HIGH", "SIZE", "AGE", "WHAT CHANGES")


class Assess(Protocol):
    """Judges an inventory in the place of that of a report."""

    def __call__(self, report: Report, inventory: Inventory, /) -> Report: ...


class Bases:
    """The base image of one image, and what could take its place."""

    def __init__(
        self, before: Report, made: Build | None, settings: Settings, observe: Observe
    ) -> None:
        self._before, self._made = before, made
        image = before.image
        # on another machine's image this machine's platform would be the wrong one
        platform = image.platform if image and image.platform else settings.platform
        named = root_of(made).base if made else before.base.name
        # what the credentials were given for: the image, or what builds an image that is a file.
        # A base may be named by an image's own label: who made that must not be sent a password
        at = root_of(made).base if made and settings.input else before.name
        home = reference(at) if made or not settings.input else None
        self._settings = replace(settings, input="", platform=platform,
                                 credentials_for=home.registry if home else "")  # fmt: skip
        self._observe = observe
        self.tags = Tags(self._settings)
        self._found: list[Candidate] | None = None
        self._taken: dict[str, tuple[Image, Inventory]] = {}
        self.reference: Reference | None = reference(named) if named else None

    def candidates(self) -> list[Candidate]:
        """Return the tags that could take its place; raises SourceError."""
        base = self.reference
        if base is None or not base.tag:
            return []
        if base.tag == "latest":  # which stands for no series, but may have been built anew
            return [Candidate(base.tag, "rebuilt")]
        if self._found is None:
            today = self._before.created[:10]
            self._found = candidates(
                base.tag, self.tags.of(f"{base.name}:{base.tag}"), base.repository,
                lambda tag: over(f"{base.name}:{tag}", today),
            )  # fmt: skip
        return self._found

    def tried(self, asked: str) -> list[Candidate]:
        """Return the one that is asked for, else what is tried in turn without a word; raises
        UsageError and SourceError.
        """
        if asked in KINDS and self.reference and self.reference.tag:
            return [base_kin.first(self.reference, self._settings, asked)]
        one = chosen(self.candidates(), asked) if asked else None
        return [one] if one else defaults(self.candidates())

    def name_of(self, candidate: Candidate) -> str:
        """Return a candidate's reference: of the same repository, unless it names another."""
        if candidate.kind == "asked for" and ("/" in candidate.tag or ":" in candidate.tag):
            return candidate.tag
        if candidate.repository:
            return f"{candidate.repository}:{candidate.tag}"
        return f"{self.reference.name if self.reference else ''}:{candidate.tag}"

    def weighed(self, candidate: Candidate, assess: Assess, layers: int) -> Weighed:
        """Scan a candidate, and put the image's own layers upon it; raises what a scan raises."""
        name = self.name_of(candidate)
        held = self._held(name)
        assert held.image, "a registry has images"
        own = rebuilding.installed_upon(self._before, held.inventory, layers)
        inventory = rebuilding.rebased(self._before.inventory, held.inventory, layers, own)
        after = assess(self._before, inventory)
        stays = tuple(f for f in self._before.findings if f.package in own)
        after = replace(after, findings=(*after.findings, *stays))
        told = [candidate.note] if candidate.note else []
        told += [f"{len(own)} packages of your layers will be of another release"] if own else []
        blind = [f"NOT CHECKED: no advisories for {one}"
                 for one in after.missing if one not in self._before.missing]  # fmt: skip
        told = [*blind, *notes(self._before, held), *starting(self._made, held), *told]
        return Weighed(candidate, name, held.image, after, tuple(told),
                       hinders(self._made, held))  # fmt: skip

    def _held(self, name: str) -> Report:
        """Return what a base holds; its own flaws are not asked for, but those of the whole."""
        image, inventory = self._take(name)
        plain = replace(self._settings, scanners=())
        return scanning.assess(inventory, plain, self._observe, name=name, image=image)

    def _take(self, name: str) -> tuple[Image, Inventory]:
        if name not in self._taken:
            images, inventories, _ = scanning.take(name, self._settings, self._observe)
            if len(images) != 1:
                raise UsageError(f"{name}: one platform is compared, not {len(images)}")
            self._taken[name] = images[0], inventories[0]
        return self._taken[name]

    def _fetch(self, some: Sequence[Candidate]) -> None:
        """Read the layers of candidates side by side; what fails will say so when weighed."""

        def fetched(candidate: Candidate) -> None:
            with suppress(PratiqueError):
                self._take(self.name_of(candidate))

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(fetched, some))

    def _everywhere(self) -> tuple[list[Candidate], list[str]]:
        """Return the candidates of all repositories, read; and which of others could not be had."""
        base = self.reference
        if base is None or not base.tag or self._settings.offline:
            return self.candidates(), []
        with ThreadPoolExecutor(1) as pool:  # others are asked while the own are read
            asked = pool.submit(base_kin.asked, base, self._settings)
            self._fetch(self.candidates())
            kin, missed = asked.result()
        self._fetch(kin)
        return [*self.candidates(), *kin], missed

    def all(self, assess: Assess, layers: int) -> tuple[list[Weighed], list[str]]:
        """Return every candidate weighed, what removes most first, and what could not be had."""
        found = []
        every, missed = self._everywhere()
        for candidate in every:
            try:
                found.append(self.weighed(candidate, assess, layers))
            except PratiqueError as error:
                missed.append(f"{self.name_of(candidate)}: {error.message}")
        return sorted(found, key=_rank), missed


def _rank(one: Weighed) -> tuple[bool, bool, int, int]:
    kinds = [*ORDER, "asked for"]
    is_blind = bool(one.after.missing)  # few findings are then no merit
    return bool(one.hinders), is_blind, risk(one.after.findings), kinds.index(one.candidate.kind)


def as_table(before: Report, found: Sequence[Weighed], missed: Iterable[str], look: Look) -> str:
    """Return the candidates side by side, the present image first."""
    style = Style(look.color)
    now = ("as it is", "", *_counts(before), _size(before), "", "")
    rows = [now, *(_row(one, before) for one in found)]
    lines = list(grid(_COLUMNS, rows, look.width, style))
    lines += [f"not weighed: {printable(one)}" for one in missed]
    lines += ["", "FINDINGS: of the whole image upon that base, its own layers as they are.",
              "pratique fix image … --base KIND takes one."]  # fmt: skip
    return "\n".join(lines) + "\n"


def as_json(before: Report, found: Sequence[Weighed], missed: Sequence[str]) -> str:
    """Return one object; names are those of the JSON report."""
    document = {
        "ArtifactName": before.name, "Before": by_severity(before.findings),
        "Candidates": [
            {"Reference": one.reference, "Kind": one.candidate.kind,
             "After": by_severity(one.after.findings), "Size": one.image.size,
             "Created": one.image.config.get("created"), "Notes": one.notes,
             "DoesNotBuild": one.hinders}
            for one in found
        ],
        "NotWeighed": missed,
    }  # fmt: skip
    return json.format(json.encode(document), indent=2).decode() + "\n"


def _row(one: Weighed, before: Report) -> tuple[str, ...]:
    words = ([f"DOES NOT BUILD: {one.hinders}"] if one.hinders else []) + list(one.notes)
    return (
        printable(one.reference), one.candidate.kind, *_counts(one.after),
        f"{one.image.size / 1e6:.0f} MB", _age(one, before), printable("; ".join(words)),
    )  # fmt: skip


def _counts(report: Report) -> Iterator[str]:
    counts = by_severity(report.findings)
    yield str(len(report.findings))
    yield str(counts.get("CRITICAL", 0))
    yield str(counts.get("HIGH", 0))


def _size(report: Report) -> str:
    return f"{report.image.size / 1e6:.0f} MB" if report.image else ""


def _age(one: Weighed, before: Report) -> str:
    built = str(one.image.config.get("created") or "")[:10]
    if len(built) != 10 or built.startswith(("0001", "1970")):
        return ""
    try:
        days = days_between(f"{built}T00:00:00", before.created)
    except ValueError:
        return ""
    return f"{max(days, 0):.0f} days"
