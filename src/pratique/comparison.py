"""What differs between two reports: packages, findings, layers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from pratique.match import ecosystem_of
from pratique.model.advisory import SEVERITIES
from pratique.model.finding import Finding
from pratique.model.image import Layer
from pratique.model.inventory import Distro, Package
from pratique.model.report import Report

Direction = Literal["upgraded", "downgraded", "changed"]


class Changed(Struct, frozen=True):
    """A package that is in both, in other versions."""

    package: Package
    """As it is now."""
    before: tuple[str, ...]
    after: tuple[str, ...]
    direction: Direction


class Gone(Struct, frozen=True):
    """A finding that is in one of two reports."""

    finding: Finding
    other: tuple[str, ...]
    """The versions of its package that the other report has; none where it has no such package."""


class SizedLayer(Struct, frozen=True):
    """A layer, and which of the images has it."""

    layer: Layer
    state: Literal["both", "removed", "added"]


class Comparison(Struct, frozen=True):
    """The difference of two reports that were made of the same advisories."""

    before: Report
    after: Report
    added: tuple[Package, ...]
    removed: tuple[Package, ...]
    changed: tuple[Changed, ...]
    new: tuple[Gone, ...]
    fixed: tuple[Gone, ...]
    kept: tuple[Finding, ...]
    """Findings of the later report that the earlier one has as well."""
    layers: tuple[SizedLayer, ...]


def compare(before: Report, after: Report) -> Comparison:
    """Compare two reports. A package is the same whatever its version and its place; a finding is
    the same flaw in the same package, and fixed where the last copy that has it is gone.
    """
    old, new = _by_name(before), _by_name(after)
    had, has = _by_flaw(before), _by_flaw(after)
    return Comparison(
        before,
        after,
        tuple(_only(new, old)),
        tuple(_only(old, new)),
        tuple(_changed(old, new, after.inventory.distro)),
        tuple(Gone(f, _versions(old, f)) for key, f in has.items() if key not in had),
        tuple(Gone(f, _versions(new, f)) for key, f in had.items() if key not in has),
        tuple(finding for key, finding in has.items() if key in had),
        tuple(_layers(before, after)),
    )


_Name = tuple[str, str]
_Named = Mapping[_Name, list[Package]]


def _by_name(report: Report) -> _Named:
    named: dict[_Name, list[Package]] = defaultdict(list)
    for package in report.inventory.packages:
        named[_name(package)].append(package)
    return dict(sorted(named.items()))


def _name(package: Package) -> _Name:
    return package.type, package.name


def _by_flaw(report: Report) -> dict[tuple[str, str, str], Finding]:
    found: dict[tuple[str, str, str], Finding] = {}
    for finding in report.findings:
        found.setdefault((finding.id, *_name(finding.package)), finding)
    return found


def _versions(named: _Named, finding: Finding) -> tuple[str, ...]:
    packages = named.get(_name(finding.package), ())
    return tuple(dict.fromkeys(package.version for package in packages))


def _only(these: _Named, those: _Named) -> Iterator[Package]:
    """Yield packages that the others lack, and one of each version that they lack of a package
    of which they have every version that there is here.
    """
    for name, packages in these.items():
        others = {package.version for package in those.get(name, ())}
        versions = {package.version: package for package in packages}
        if not others or others < set(versions):
            yield from (p for version, p in versions.items() if version not in others)


def _changed(old: _Named, new: _Named, distro: Distro | None) -> Iterator[Changed]:
    for name, packages in new.items():
        now = dict.fromkeys(package.version for package in packages)
        then = dict.fromkeys(package.version for package in old.get(name, ()))
        before, after = (
            tuple(v for v in then if v not in now),
            tuple(v for v in now if v not in then),
        )
        if before and after:
            yield Changed(
                packages[0], before, after, _direction(packages[0], before, after, distro)
            )


def _direction(
    package: Package, before: Iterable[str], after: Iterable[str], distro: Distro | None
) -> Direction:
    ecosystem = ecosystem_of(package, distro)
    try:
        key: Any = ecosystem.version_key if ecosystem else None
        if key is None:
            return "changed"
        old, new = max(map(key, before)), max(map(key, after))
    except ValueError:
        return "changed"
    if old < new:
        return "upgraded"
    return "downgraded" if new < old else "changed"


def _layers(before: Report, after: Report) -> Iterator[SizedLayer]:
    """Yield the layers that are gone, then those of the later image in their order."""
    old = before.image.layers if before.image else ()
    new = after.image.layers if after.image else ()
    had, has = {layer.diff_id for layer in old}, {layer.diff_id for layer in new}
    yield from (SizedLayer(layer, "removed") for layer in old if layer.diff_id not in has)
    for layer in new:
        yield SizedLayer(layer, "both" if layer.diff_id in had else "added")


def by_severity(findings: Iterable[Finding]) -> dict[str, int]:
    """Count findings, the gravest first; severities without one are left out."""
    counts = dict.fromkeys(reversed(SEVERITIES), 0)
    for finding in findings:
        counts[finding.severity] += 1
    return {severity: count for severity, count in counts.items() if count}
