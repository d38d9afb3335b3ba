"""Turn a document into inventories again: one for each image that it describes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pratique.codecs.sbom import Component, Document, images, packages, systems, value
from pratique.codecs.sbom.dialects import Surroundings, is_image, surroundings
from pratique.model.image import Image
from pratique.model.inventory import Distro, Inventory, Package, Problem
from pratique.model.report import Base

_SHOWN = 3


class Described(Struct, frozen=True):
    """What a document says of one image, or of what is no image."""

    name: str
    image: Image | None
    inventory: Inventory
    base: Base | None = None


def described(document: Document, place: str, image: Image | None = None) -> list[Described]:
    """Return what a document describes; `place` names it where it has no name for it.

    `image`: the one that it is known to describe, whose layers are then those meant. Components
    that no purl identifies are problems of the inventory: nothing can be said of them.
    """
    tree = _Tree(document)
    several = [c for c in document.components if c.kind == "image" and _is_scanned(c)]
    if image is not None or len(several) < 2:
        root = several[0] if several else tree.root()
        return [_described(root, document.components, tree, place, image)]
    return [_described(root, tree.within(root), tree, place) for root in several]


class _Tree:
    """The edges of a document, by where they start and where they end."""

    def __init__(self, document: Document) -> None:
        self.by_ref = {component.ref: component for component in document.components}
        self.roots = document.roots
        self._contains: dict[str, list[str]] = {}
        self.depends: dict[str, list[str]] = {}
        self.holder: dict[str, Component] = {}
        """The application that a component belongs to."""
        for edge in document.edges:
            kind = self._contains if edge.what == "contains" else self.depends
            kind.setdefault(edge.of, []).extend(edge.to)
            holder = self.by_ref.get(edge.of)
            if edge.what == "contains" and holder and holder.kind == "application":
                for ref in edge.to:
                    self.holder.setdefault(ref, holder)
        self._spread({ref for held in self._contains.values() for ref in held})

    def _spread(self, contained: set[str]) -> None:
        """Let what packages need belong where they do: Trivy lists a program's modules so."""
        pending = list(self.holder)
        while pending:
            ref = pending.pop()
            for needed in self.depends.get(ref, ()):
                if needed not in contained and needed not in self.holder:
                    self.holder[needed] = self.holder[ref]
                    pending.append(needed)

    def root(self) -> Component | None:
        """Return what the document is about, where that is one thing."""
        about = [self.by_ref[ref] for ref in self.roots if ref in self.by_ref]
        return about[0] if len(about) == 1 and about[0].kind != "package" else next(
            (c for c in self.by_ref.values() if c.kind == "image"), None
        )  # fmt: skip

    def within(self, component: Component) -> list[Component]:
        """Return a component and all that it contains, in the order of the document."""
        seen = {component.ref}
        pending = [component.ref]
        while pending:
            for ref in self._contains.get(pending.pop(), ()):
                if ref not in seen:
                    seen.add(ref)
                    pending.append(ref)
        return [component for ref, component in self.by_ref.items() if ref in seen]


def _is_scanned(component: Component) -> bool:
    return bool(value(component, "ImageID", "DiffID", "pratique:layer"))


def _described(
    root: Component | None,
    components: Sequence[Component],
    tree: _Tree,
    place: str,
    known: Image | None = None,
) -> Described:
    image = known or (images.read(root) if root and root.kind == "image" else None)
    around = surroundings(image, place)
    distro = _distro(components)
    found = _related(dict(_packages(components, tree, around)), tree)
    unknown = [c for c in components if c.kind == "package" and c.ref not in found]
    problems = (*(images.problems(root) if root else ()), *_unidentified(unknown, place))
    inventory = Inventory(
        tuple(sorted(found.values(), key=lambda p: (p.type, p.name, p.version, p.path, p.inner))),
        distro,
        problems,
        images.files(root) if root else 0,
    )
    name = images.name(root) if root else place
    return Described(name, image, inventory, images.base(root) if root else None)


def _related(found: dict[str, Package], tree: _Tree) -> dict[str, Package]:
    """Tell what a project asks for itself, where the document is about a project that is a package.

    One that needs all that there is tells nothing: so is everything listed that was found.
    """
    about = [ref for ref in tree.roots if ref in found]
    direct = {ref for of in about for ref in tree.depends.get(of, ()) if ref in found}
    if not direct or len(found) == len(direct) + len(about):
        return found
    roles = dict.fromkeys(found, "indirect") | dict.fromkeys(direct, "direct")
    roles |= dict.fromkeys(about, "root")
    return {
        ref: package if package.relation else replace(package, relation=roles[ref])
        for ref, package in found.items()
    }


def _distro(components: Iterable[Component]) -> Distro | None:
    """Return the system's component as a distribution, else what the purls say."""
    for component in components:
        if component.kind == "system":
            return systems.system(component)
    return systems.of_purls(components)


def _packages(
    components: Iterable[Component], tree: _Tree, around: Surroundings
) -> Iterator[tuple[str, Package]]:
    plain: dict[str, tuple[Component, str, Package]] = {}
    for component in components:
        if component.kind != "package":
            continue
        holder = tree.holder.get(component.ref)
        within = holder.name if holder else ""
        if package := packages.package(component, around, within):
            plain[component.ref] = (component, within, package)
    for ref, (component, within, package) in plain.items():
        needs = _needs(tree.depends.get(ref, ()), plain)
        needing = packages.package(component, around, within, needs) if needs else None
        yield ref, needing or package


def _needs(
    refs: Iterable[str], known: Mapping[str, tuple[Component, str, Package]]
) -> tuple[str, ...]:
    found = (known[ref][2] for ref in dict.fromkeys(refs) if ref in known)
    return tuple(f"{package.name}@{package.version}" for package in found)


def _unidentified(components: Sequence[Component], place: str) -> Iterator[Problem]:
    """Say which components were not read: those without a purl, and with one that is none."""
    without = [c for c in components if not c.purl]
    broken = [c for c in components if c.purl and not is_image(c.purl)]
    for what, those in (("without", without), ("with a broken", broken)):
        if those:
            names = ", ".join(c.name[:80] for c in those[:_SHOWN])
            more = f" and {len(those) - _SHOWN} more" if len(those) > _SHOWN else ""
            yield Problem(f"components {what} package URL, not checked: {names}{more}", place)
