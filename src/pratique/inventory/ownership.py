"""Tell which system package owns a file, and what has become of its files in later layers.

The distribution answers for the files of its packages: what is read from one of them must not be
matched a second time as a package of PyPI. A package whose programs are gone, or that never had
any, is still listed by its database; a remark says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from pratique import evidence
from pratique.inventory.filekind import is_program, passive, programs
from pratique.inventory.layer import LayerFacts
from pratique.inventory.provenance import foreign
from pratique.inventory.visible import Visible
from pratique.model.inventory import SYSTEM_TYPES, OwnedFiles, Package

_WITHOUT_ADVISORIES = ("alpm", "portage", "opkg")  # nobody answers for what they install
_MANIFESTS = {"dpkg-query": 1, "chisel": 2}  # which stand in for a database, the best first


def settled(
    packages: Iterable[Package], owners: Sequence[OwnedFiles], layers: Sequence[LayerFacts]
) -> Iterator[Package]:
    """Yield the packages, the system's with remarks, save those read from a file of the system's.

    Without layers nothing can be said of the files that are there, and nothing is remarked.
    """
    packages = list(_once(packages))
    system: dict[str, int] = {}
    for package in packages:
        if package.type in SYSTEM_TYPES:
            system[package.name] = max(system.get(package.name, -1), package.changed)
    visible = Visible(layers)
    others = foreign(packages)
    claims = _claims(packages, owners, system, others)
    remarks = _remarks(owners, system, visible) if layers else {}
    for package in packages:
        if package.type in SYSTEM_TYPES:
            said = [*remarks.get(package.name, ()), evidence.rebuilt(package)]
            if package.name in others:
                said.append(evidence.built_by(package.vendor))
            known = (*package.remarks, *filter(None, said))
            yield replace(package, remarks=known) if known != package.remarks else package
        elif not _is_claimed(package, claims, visible):
            yield package


def _once(packages: Iterable[Package]) -> Iterator[Package]:
    """Leave out what a manifest says of a package that a database or a better manifest lists."""
    packages = list(packages)
    best: dict[tuple[str, str], int] = {}
    for package in packages:
        if package.type in SYSTEM_TYPES:
            key = (package.type, package.name)
            best[key] = min(best.get(key, 9), _MANIFESTS.get(package.analyzer, 0))
    for package in packages:
        rank = _MANIFESTS.get(package.analyzer, 0)
        if not rank or best[package.type, package.name] == rank:
            yield package


def _other_name(path: str) -> str:
    """Return the path that the same file has on a system with or without a merged /usr."""
    return path[4:] if path.startswith("usr/") else "usr/" + path


def _claims(
    packages: Iterable[Package], owners: Iterable[OwnedFiles], system: Mapping[str, int],
    others: set[str],
) -> dict[str, int]:  # fmt: skip
    """Map the files that packages were read from and that a system package owns to its layer."""
    read = {package.path for package in packages if package.type not in SYSTEM_TYPES}
    read.update([_other_name(path) for path in read])
    silent = others | {p.name for p in packages if p.type in _WITHOUT_ADVISORIES}
    claims: dict[str, int] = {}
    for owner in owners:
        if owner.owner in silent:
            continue
        for path in read.intersection(owner.files):
            claims[path] = max(claims.get(path, -1), system.get(owner.owner, -1))
    return claims


def _is_claimed(package: Package, claims: Mapping[str, int], visible: Visible) -> bool:
    """Tell whether a file is a system package's still: what a later layer made of it is not."""
    by = max(claims.get(package.path, -2), claims.get(_other_name(package.path), -2))
    if by == -2:
        return False
    return by < 0 or package.changed <= by or not visible.was_in(package.path, by)


def _remarks(
    owners: Iterable[OwnedFiles], system: Mapping[str, int], visible: Visible
) -> dict[str, list[str]]:
    files: dict[str, tuple[str, ...]] = {}
    for owner in owners:
        if owner.owner in system:
            files[owner.owner] = files.get(owner.owner, ()) + owner.files
    remarks: dict[str, list[str]] = {}
    for name, said in (*_absent(files, visible), *_overwritten(files, system, visible)):
        remarks.setdefault(name, []).append(said)
    return remarks


def _absent(files: Mapping[str, tuple[str, ...]], visible: Visible) -> Iterator[tuple[str, str]]:
    """Yield what is to be said of packages that have no program, or none any more.

    First one program of each package is looked for: of most packages it is there.
    """
    samples = {name: next(programs(name, own), "") for name, own in files.items()}
    others = {name: passive(name, files[name]) for name, sample in samples.items() if not sample}
    there = visible.of(
        [*filter(None, samples.values()), *(p for _, unclear in others.values() for p in unclear)]
    )
    for name, (kind, unclear) in others.items():
        if kind and there.isdisjoint(unclear):
            yield name, kind
    doubted = [name for name, sample in samples.items() if sample and sample not in there]
    running = {name: list(programs(name, files[name])) for name in doubted}
    there = visible.of(path for own in running.values() for path in own)
    for name, own in running.items():
        if there.isdisjoint(own):
            yield name, evidence.deleted(len(own))


def _overwritten(
    files: Mapping[str, tuple[str, ...]], system: Mapping[str, int], visible: Visible
) -> Iterator[tuple[str, str]]:
    """Yield which programs a layer wrote again after the one that installed their package."""
    written = visible.written_again()
    if not written:
        return
    for name, own in files.items():
        hits = [
            (path, written[path])
            for path in written.keys() & own
            if written[path] > system[name] >= 0 and is_program(path)
        ]
        if hits:
            yield name, evidence.overwritten(sorted(hits))
