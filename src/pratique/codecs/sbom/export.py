"""Turn reports into a document: images, their systems, files that hold packages, packages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pratique import __version__
from pratique.codecs import trivy
from pratique.codecs.sbom import Component, Document, Edge, clean, images, packages, systems
from pratique.codecs.sbom.dialects import SYSTEM, surroundings
from pratique.codecs.sbom.identity import short
from pratique.codecs.sbom.packages import Subject
from pratique.model.inventory import Package
from pratique.model.purl import purl
from pratique.model.report import Report

_NOWHERE = "\0"  # a package without a path is not in the file that tells of it
TOOL = f"pratique-{__version__}"


def document(reports: Sequence[Report]) -> Document:
    """Return one document; several reports are images beneath the one that they belong to."""
    return with_references(reports)[0]


def with_references(reports: Sequence[Report]) -> tuple[Document, list[dict[Package, str]]]:
    """Return the document, and for each report which of its components a package is."""
    draft = _Draft(reports)
    roots = tuple(draft.add(report) for report in reports)
    if len(reports) > 1:
        ref = draft.ref("index", reports[0].name)
        draft.components.insert(0, Component(ref, "image", clean(reports[0].name) or "-"))
        draft.edges.insert(0, Edge(ref, "contains", roots))
        roots = (ref,)
    document = Document(
        clean(reports[0].name) or "-", reports[0].created, roots, tuple(draft.components),
        tuple(draft.edges), TOOL,
    )  # fmt: skip
    return document, draft.refs


class _Draft:
    """A document in the making."""

    def __init__(self, reports: Iterable[Report]) -> None:
        self.components: list[Component] = []
        self.edges: list[Edge] = []
        self.refs: list[dict[Package, str]] = []
        self._taken: set[str] = set()
        self._purls = Counter(
            purl(package, report.inventory.distro)
            for report in reports
            for package in report.inventory.packages
        )

    def add(self, report: Report) -> str:
        """Add what one report holds; return the reference of what it is about."""
        kind = "image" if report.image else "directory"
        root = self.ref(kind, report.image.id if report.image else report.name)
        self.components.append(images.component(report, root))
        distro = report.inventory.distro
        subject = Subject(distro, report.image, surroundings(report.image, _NOWHERE))
        held: dict[str, list[str]] = {root: []}
        system = ""
        if distro is not None:
            system = self.ref("os", f"{root} {distro.id} {distro.version}")
            self.components.append(systems.component(distro, system))
            held[root].append(system)
            held[system] = []
        refs = [self._package_ref(package, report) for package in report.inventory.packages]
        self.refs.append(dict(zip(report.inventory.packages, refs, strict=True)))
        holders = self._applications(report, held, root)
        graph = _Graph(report.inventory.packages, refs)
        for package, ref in zip(report.inventory.packages, refs, strict=True):
            needs, told = graph.of(package)
            self.components.append(packages.component(package, subject, ref, told))
            in_system = system if package.type in SYSTEM else ""
            held[in_system or holders.get((package.analyzer, package.path), root)].append(ref)
            if needs:
                self.edges.append(Edge(ref, "depends", needs))
        self.edges += [Edge(of, "contains", tuple(to)) for of, to in held.items() if to]
        return root

    def _applications(
        self, report: Report, held: dict[str, list[str]], root: str
    ) -> dict[tuple[str, str], str]:
        """Add a component for each file whose packages Trivy does not put together with others'."""
        holders: dict[tuple[str, str], str] = {}
        for package in report.inventory.packages:
            place = (package.analyzer, package.path)
            kind = clean(package.analyzer)
            if package.type in SYSTEM or kind in ("", *trivy.AGGREGATED) or place in holders:
                continue
            ref = self.ref("application", f"{root} {place}")
            properties = (("Class", "lang-pkgs"), ("Type", kind))
            name = clean(package.path) or "-"
            self.components.append(Component(ref, "application", name, properties=properties))
            held[root].append(ref)
            held[ref] = []
            holders[place] = ref
        return holders

    def _package_ref(self, package: Package, report: Report) -> str:
        """Return the purl where it is the only one, as Trivy does; else add what tells it apart."""
        url = purl(package, report.inventory.distro)
        if self._purls[url] == 1 and url not in self._taken:
            self._taken.add(url)
            return url
        image = report.image.id if report.image else ""
        return self.ref(url, f"{image} {package.path} {package.inner}")

    def ref(self, start: str, about: str) -> str:
        """Return a reference that depends on what it is for alone, and on those before it."""
        number = 0
        while True:
            digest = short(f"{about}\n{number}")
            found = f"{start}#{digest}"
            if found not in self._taken:
                self._taken.add(found)
                return found
            number += 1


class _Graph:
    """Which packages of a file need which others of it."""

    def __init__(self, every: Sequence[Package], refs: Sequence[str]) -> None:
        self._refs: dict[tuple[str, str], str] = {}
        if any(package.depends for package in every):
            for package, ref in zip(every, refs, strict=True):
                self._refs.setdefault((package.path, _key(package)), ref)

    def of(self, package: Package) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the references of what a package needs, and as what a reader knows them."""
        found = dict(self._found(package))
        return tuple(found), tuple(found.values())

    def _found(self, package: Package) -> Iterator[tuple[str, str]]:
        for needed in package.depends:
            if ref := self._refs.get((package.path, needed)):
                yield ref, needed


def _key(package: Package) -> str:
    return f"{package.name}@{package.version}"
