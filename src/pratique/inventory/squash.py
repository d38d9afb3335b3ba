"""Stack what layers say into what the image holds.

One rule for all ecosystems: a fact lives as long as the file it was read from. A rewritten
`dpkg/status` hides the older one, a whiteout hides what it deletes, and a fact that was also true
in the copy beneath keeps the layer that it came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec.structs import replace

from pratique.inventory.layer import LayerFacts
from pratique.inventory.ownership import settled
from pratique.model.configuration import Document, Mode, Trace
from pratique.model.inventory import (
    LAYERED,
    NAMED_BY_SBOM,
    PROGRAM,
    SYSTEM_TYPES,
    Distro,
    Fact,
    Inventory,
    OwnedFiles,
    Package,
    Problem,
    Remark,
)
from pratique.model.license import LicenseText
from pratique.model.secret import Secret

_Kept = Fact | Problem
_Stack = dict[str, list[_Kept]]
T = TypeVar(
    "T", Package, Distro, OwnedFiles, Problem, Remark, Secret, Document, Mode, LicenseText, Trace
)


def stack(layers: Sequence[LayerFacts]) -> tuple[list[_Kept], int]:
    """Return the facts and problems that are visible from above, and how many files were seen."""
    visible: _Stack = {}
    removed: list[_Kept] = []
    for index, layer in enumerate(layers):
        hidden = _hide(visible, layer) if index else []
        _add(visible, layer, index, {_identity(p): p for p in select(Package, hidden)})
        if secrets := select(Secret, hidden):
            removed += covered(secrets, visible, index)
        removed += (replace(t, removed=index) for t in select(Trace, hidden) if t.what == "large")
    shown = [fact for facts in visible.values() for fact in facts]
    return shown + removed, sum(x.files for x in layers)


def covered(secrets: Sequence[Secret], visible: _Stack, index: int) -> Iterator[Secret]:
    """Yield the secrets that a layer takes out of sight: they can be had from the layers beneath.

    One that is in the new copy of its file as well is no other: it keeps its first layer.
    """
    for secret in secrets:
        facts = visible.get(secret.path, [])
        at = next((i for i, fact in enumerate(facts) if _is_same(fact, secret)), None)
        if at is None:
            yield replace(secret, removed=index)
        else:
            facts[at] = replace(facts[at], layer=secret.layer)


def _is_same(fact: _Kept, secret: Secret) -> bool:
    return isinstance(fact, Secret) and (fact.rule, fact.mark) == (secret.rule, secret.mark)


def without_named(packages: Sequence[Package]) -> Iterator[Package]:
    """Yield the packages, save those that an SBOM in the image names and that are found as well."""
    found = {_named(package) for package in packages if NAMED_BY_SBOM not in package.remarks}
    for package in packages:
        if NAMED_BY_SBOM not in package.remarks or _named(package) not in found:
            yield package


def _named(package: Package) -> tuple[str, str, str]:
    """Tell a package wherever it is; a system has one of a name, whatever an SBOM says."""
    version = "" if package.type in SYSTEM_TYPES else package.version
    return package.type, package.name.casefold().replace("_", "-"), version


def without_copies(packages: Iterable[Package]) -> Iterator[Package]:
    """Yield the packages, a program once for all its names below one prefix.

    `bin/perl` and `bin/perl5.36.0` are links to one file, busybox has hundreds of them, and
    `lib/libpython3.11.so` is what `bin/python3.11` runs. The name most like the program's stays.
    """
    programs: dict[tuple[str, str, str], Package] = {}
    for package in packages:
        if package.type == PROGRAM:
            key = package.name, package.version, _prefix(package.path)
            programs[key] = min(programs.get(key, package), package, key=_oddity)
        else:
            yield package
    yield from programs.values()


def remarked(packages: Iterable[Package], remarks: Iterable[Remark]) -> Iterator[Package]:
    """Yield the packages with what other files tell of them."""
    told: dict[str, list[str]] = {}
    for remark in remarks:
        told.setdefault(remark.of, []).append(remark.text)
    for package in packages:
        texts = told.get(package.path)
        yield replace(package, remarks=(*package.remarks, *texts)) if texts else package


def _prefix(path: str) -> str:
    return path.rpartition("/")[0].rpartition("/")[0]


def _oddity(package: Package) -> tuple[bool, str]:
    return not package.path.rpartition("/")[2].startswith(package.name), package.path


def select(kind: type[T], facts: Iterable[_Kept]) -> list[T]:
    """Return the facts of one kind."""
    return [fact for fact in facts if isinstance(fact, kind)]


def _hide(visible: _Stack, layer: LayerFacts) -> list[_Kept]:
    """Take away what a layer covers or deletes; return the facts that are gone."""
    covering = set(layer.paths.decode("utf-8", "replace").split("\n"))
    covering.update(layer.removed)
    opaque = set(layer.opaque)
    gone = [
        path
        for path in visible
        if path in covering
        or any(parent in covering or parent in opaque for parent in _parents(path))
        or "" in opaque
    ]
    hidden = [fact for path in gone for fact in visible.pop(path)]
    for path in layer.directories.decode("utf-8", "replace").split("\n"):
        if path in visible:  # a directory that is written again has the permissions it has now
            visible[path] = [fact for fact in visible[path] if not isinstance(fact, Mode)]
    return hidden


def _parents(path: str) -> Iterator[str]:
    at = path.rfind("/")
    while at > 0:
        yield path[:at]
        at = path.rfind("/", 0, at)


def _add(
    visible: _Stack, layer: LayerFacts, index: int, before: dict[tuple[str, ...], Package]
) -> None:
    fresh: _Stack = {}
    for fact in layer.facts:
        known = _attributed(fact, index, before) if isinstance(fact, Package) else fact
        if isinstance(fact, LAYERED):
            known = replace(fact, layer=index)
        fresh.setdefault(fact.path, []).append(known)
    for path, facts in fresh.items():
        # what is visible still was not covered: a folder of a listing, to which files were added
        visible.setdefault(path, facts)
    for problem in layer.problems:
        visible.setdefault(problem.where, []).append(replace(problem, layer=index))


def _attributed(package: Package, index: int, before: dict[tuple[str, ...], Package]) -> Package:
    old = before.get(_identity(package))
    if old is None:
        return replace(package, introduced=index, changed=index)
    same = old.version == package.version and old.path == package.path
    return replace(package, introduced=old.introduced, changed=old.changed if same else index)


def _identity(package: Package) -> tuple[str, ...]:
    """Tell a package through its upgrades: its place is the path without the version."""
    place, version = f"{package.path}\n{package.inner}", package.version
    return (package.type, package.name, package.arch, place.replace(version, "", 2)
            if version else place)  # fmt: skip


def as_inventory(
    facts: Iterable[_Kept], distro: Distro | None, files: int, layers: Sequence[LayerFacts] = ()
) -> Inventory:
    """Return visible facts as an inventory, in an order that does not depend on the layers'.

    With the layers, packages of the system are remarked on: what has become of their files.
    """
    facts = list(facts)
    packages = [*settled(select(Package, facts), select(OwnedFiles, facts), layers)]
    if any(package.remarks and NAMED_BY_SBOM in package.remarks for package in packages):
        packages = [*without_named(packages)]
    packages = [*remarked(without_copies(packages), select(Remark, facts))]
    return Inventory(
        tuple(sorted(packages, key=lambda p: (p.type, p.name, p.version, p.path, p.inner))),
        distro,
        tuple(sorted(select(Problem, facts), key=lambda p: (p.layer, p.where, p.what))),
        files,
        tuple(sorted(select(Secret, facts), key=lambda s: (s.path, s.line, s.rule, s.layer))),
        tuple(sorted(select(Document, facts), key=lambda d: (d.path, d.type))),
        tuple(sorted(select(Mode, facts), key=lambda m: m.path)),
        tuple(sorted(select(LicenseText, facts), key=lambda x: (x.path, x.package))),
        tuple(sorted(select(Trace, facts), key=lambda t: (t.path, t.what, t.detail, t.layer))),
    )
