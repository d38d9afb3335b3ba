"""Which versions of Node's packages have the flaws that were found, and which to strive for."""

from __future__ import annotations

import operator
import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pratique.model.finding import Finding
from pratique.model.report import Report
from pratique.model.upgrade import Level
from pratique.patch.npmpackages import order
from pratique.suitable import lesser_versions
from pratique.upgrades import risk, upgrades, within

_MOST_LESSER = 20
_SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge, "<=": operator.le, "<": operator.lt, ">": operator.gt, "": operator.eq,
}  # fmt: skip


class Goal(Struct, frozen=True):
    """A package in a folder, and the versions that would do, what removes most first."""

    path: str
    name: str
    version: str
    to: tuple[str, ...]


def goals(report: Report, findings: Sequence[Finding], levels: Sequence[Level]) -> list[Goal]:
    """Return what to strive for, what removes the greatest risk first."""
    near = tuple(within(f, levels) for f in findings)
    sure = tuple(replace(f, fixed=_sure(f)) for f in near)
    found = sorted(upgrades(replace(report, findings=sure)), key=lambda u: -risk(u.removes))
    made = list[Goal]()
    for one in found:
        own = [f for f in near if f.package.name == one.name
               and f.package.version == one.installed[0]]  # fmt: skip
        lesser = lesser_versions(own, one.to, report.inventory.distro)[:_MOST_LESSER]
        made += [Goal(path, one.name, one.installed[0], (one.to, *lesser))
                 for path in sorted({folder_of(f) for f in own})]  # fmt: skip
    return made


def folder_of(finding: Finding) -> str:
    """Return where a package with a finding is."""
    return posixpath.dirname(finding.package.path)


def affects(finding: Finding, version: str) -> bool:
    """Tell whether a version of the same package has a flaw, by the stretches that are known."""
    if not finding.affected:
        return all(order(version) < order(fixed) for fixed in finding.fixed)
    return any(_is_in(version, written) for written in finding.affected)


def flawed(name: str, version: str, findings: Iterable[Finding]) -> bool:
    """Tell whether a package has a flaw that was found in another copy of it."""
    return any(f.package.name == name and affects(f, version) for f in findings)


def _is_in(version: str, written: str) -> bool:
    """Tell whether a version is in a stretch as `Range.written` has it."""
    if written == "every version":
        return True
    for part in written.split(", "):
        number = part.lstrip("<>=")
        sign = part.removesuffix(number)
        if sign not in _SIGNS or not _SIGNS[sign](order(version), order(number)):
            return False
    return True


def _sure(finding: Finding) -> tuple[str, ...]:
    """Return the versions that all records of a flaw call fixed; if there is none, those of one."""
    return tuple(v for v in finding.fixed if not affects(finding, v)) or finding.fixed
