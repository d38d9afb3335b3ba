"""Why a flaw is found in an image, or why it is not: each record held against each package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from pratique import evidence
from pratique.advisories.lookup import Explained, Known
from pratique.match import (
    EPOCHLESS,
    as_named,
    ecosystem_of,
    holds,
    is_about,
    is_of_stream,
    shard_of,
)
from pratique.model.advisory import Affected, Range
from pratique.model.ecosystem import Ecosystem
from pratique.model.inventory import Inventory, Package


class Reason(Struct, frozen=True):
    """One package held against one record."""

    package: Package
    record: str
    shard: str
    affected: bool
    because: str
    """The comparison that decided: `2.14.1 >= 2.13.0 and < 2.15.0`."""


def reasons(explained: Explained, inventory: Inventory) -> list[Reason]:
    """Return a reason for each package that a record of the flaw names, affected or not."""
    return sorted(
        (
            reason
            for package in inventory.packages
            for record in explained.records
            for reason in _reasons(package, record, explained, inventory)
        ),
        key=lambda r: (not r.affected, r.package.name, r.package.path, r.record),
    )


def _reasons(
    package: Package, record: Known, explained: Explained, inventory: Inventory
) -> Iterator[Reason]:
    ecosystem = ecosystem_of(package, inventory.distro)
    shard = shard_of(package, inventory.distro)
    if ecosystem is None or record.shard not in (shard, ecosystem.name):
        return
    for name, version in as_named(package, ecosystem):
        about = [affected for known, affected in record.packages if known == name]
        if about:
            held, because = _held_by_any(package, version, about, ecosystem)
            if held and (other := evidence.refutes(package, explained.id)):
                held, because = False, f"{because}, but {other}"
            if name != package.name:
                because = f"source package {name}: {because}"
            yield Reason(package, record.advisory.id, record.shard, held, because)


def _held_by_any(
    package: Package, version: str, about: Sequence[Affected], ecosystem: Ecosystem
) -> tuple[bool, str]:
    """Tell whether one of a record's parts holds the version, and which, or why none does."""
    judged = [_held(package, version, affected, ecosystem) for affected in about]
    held = [because for is_held, because in judged if is_held]
    return bool(held), held[0] if held else "; ".join(because for _, because in judged)


def _beside(affected: Affected, package: Package) -> str:
    """Say what a record is about that a package is none of."""
    if affected.arches and package.arch not in affected.arches:
        return f"the record is about {', '.join(affected.arches)}, the package for {package.arch}"
    if not is_of_stream(affected, package):
        streams = f"stream {affected.module or 'of a module'}"
        return f"the record is about {streams}, the package of {package.module or 'none'}"
    fixes = ", ".join(stretch.fixed for stretch in affected.ranges if stretch.fixed)
    return f"the record's fix {fixes} is of another variant (ksplice, FIPS) than the package"


def _held(
    package: Package, version: str, affected: Affected, ecosystem: Ecosystem
) -> tuple[bool, str]:
    key = ecosystem.version_key
    try:
        at = key(version)
    except ValueError:
        return False, f"{version!r} is no version of {ecosystem.name}: not checked"
    version = version.removeprefix(EPOCHLESS)
    if not is_about(affected, package):
        return False, _beside(affected, package)
    for stretch in affected.ranges:
        if holds(stretch, key, at):
            return True, _compared(version, stretch)
    if version in affected.versions:
        return True, f"{version} is among the versions that are listed as affected"
    outside = [_outside(version, at, stretch, key) for stretch in affected.ranges]
    if affected.versions:
        outside.append(f"{version} is none of {len(affected.versions)} listed versions")
    return False, "; ".join(outside)


def _compared(version: str, stretch: Range) -> str:
    parts = [f">= {stretch.introduced}"] if stretch.introduced != "0" else []
    if stretch.fixed:
        parts.append(f"< {stretch.fixed}")
    elif stretch.last:
        parts.append(f"<= {stretch.last}")
    return f"{version} {' and '.join(parts)}" if parts else "every version is affected"


def _outside(version: str, at: Any, stretch: Range, key: Any) -> str:
    """Return which bound the version is beyond."""
    try:
        begins_later = stretch.introduced != "0" and at < key(stretch.introduced)
    except ValueError:
        return f"{stretch.written()} cannot be compared with {version}"
    if begins_later:
        return f"{version} < {stretch.introduced}, where it begins"
    if stretch.fixed:
        return f"{version} >= {stretch.fixed}, where it is fixed"
    return f"{version} > {stretch.last}, the last one affected"
