"""Plan upgrades: for each package the lowest version that removes its flaws, most urgent first.

Only versions that advisories name as fixed are looked at; whether they resolve with the rest is
not asked of anybody here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from pratique.match import ecosystem_of
from pratique.model.finding import Finding
from pratique.model.inventory import SYSTEM_TYPES, Distro, Package
from pratique.model.report import Report
from pratique.model.upgrade import Change, Level, Upgrade

_WEIGHTS = {"CRITICAL": 100, "HIGH": 20, "MEDIUM": 4, "LOW": 1, "UNKNOWN": 1}
_EXPLOITED = 1000
_LEVELS: tuple[Level, ...] = ("patch", "minor", "major")

_Key = Callable[[str], Any]


def changes(report: Report) -> list[Change]:
    """Return what to do, what removes the greatest risk first.

    The system's packages are one change: a distribution's upgrade takes them together.
    """
    found = upgrades(report)
    system = tuple(upgrade for upgrade in found if upgrade.level == "system")
    groups = [system] if system else []
    groups += [(upgrade,) for upgrade in found if upgrade.level != "system"]
    every = [Change(group, tuple(f for u in group for f in u.removes)) for group in groups]
    return sorted(every, key=lambda c: (-risk(c.removes), c.upgrades[0].name, c.upgrades[0].to))


def risk(findings: Iterable[Finding]) -> int:
    """Return how much findings weigh together: what is exploited, then by severity."""
    return sum(_WEIGHTS[f.severity] + _EXPLOITED * bool(f.exploited) for f in findings)


def upgrades(report: Report) -> list[Upgrade]:
    """Return one upgrade for each package that has a fix, in the order of the findings."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in report.findings:
        groups.setdefault(_group(finding.package), []).append(finding)
    planned = (_upgrade(group, report.inventory.distro) for group in groups.values())
    return [upgrade for upgrade in planned if upgrade is not None]


def _group(package: Package) -> tuple[str, str, str]:
    """Tell what is upgraded together: a source's packages; a dependency, by its version."""
    if package.type in SYSTEM_TYPES:
        return package.type, package.source or package.name, ""
    return package.type, package.name, package.version


def _upgrade(findings: Sequence[Finding], distro: Distro | None) -> Upgrade | None:
    package = findings[0].package
    key = _key(package, distro)
    targets = {version: key(version) for f in findings for version in f.fixed}
    if not targets:
        return None
    is_system = package.type in SYSTEM_TYPES
    chosen = _chosen(findings, targets, package.version, is_system=is_system)
    removed = tuple(f for f in findings if _removed(f, chosen, targets))
    return Upgrade(
        _group(package)[1], package.type,
        tuple(dict.fromkeys(f.package.version for f in findings)), chosen,
        "system" if is_system else level(package.version, chosen), removed,
        tuple(f for f in findings if f not in removed),
        tuple(dict.fromkeys(f.package.name for f in findings)),
    )  # fmt: skip


def _chosen(
    findings: Sequence[Finding], targets: dict[str, Any], installed: str, *, is_system: bool
) -> str:
    """Return the lowest version that removes most; of a dependency, in the smallest step.

    A patch release that removes all that can be removed is preferred to a lower version of
    another series, which there is not; a larger step is taken where it removes more.
    """
    order = sorted(targets, key=lambda version: targets[version])
    if is_system:
        return order[-1]
    counts = {v: sum(_removed(f, v, targets) for f in findings) for v in order}
    most = max(counts.values())
    steps: dict[Level, int] = {"patch": 0, "minor": 1, "major": 2, "system": 3}
    best = [version for version in order if counts[version] == most]
    return min(best, key=lambda version: (steps[level(installed, version)], order.index(version)))


def _removed(finding: Finding, version: str, targets: dict[str, Any]) -> bool:
    return any(not targets[version] < targets[fixed] for fixed in finding.fixed)


def levels_to(furthest: Level) -> tuple[Level, ...]:
    """Return how far an application's packages may go, the least first."""
    return _LEVELS[: _LEVELS.index(furthest) + 1]


def within(finding: Finding, levels: Sequence[Level]) -> Finding:
    """Return a finding without the fixed versions that are further away."""
    installed = finding.package.version
    return replace(finding, fixed=tuple(v for v in finding.fixed if level(installed, v) in levels))


def level(installed: str, to: str) -> Level:
    """Return which of the first three numbers of a version changes; a zero major counts as one."""
    before, after = _numbers(installed), _numbers(to)
    if before[0] != after[0]:
        return "major"
    return "minor" if before[1] != after[1] else "patch"


def _numbers(version: str) -> tuple[int, ...]:
    found = [int(number[:12]) for number in re.findall(r"\d+", version.partition("+")[0])[:2]]
    return tuple([*found, 0, 0][:2])


def _key(package: Package, distro: Distro | None) -> _Key:
    ecosystem = ecosystem_of(package, distro)

    def key(version: str) -> Any:
        """Sort what is no version before all that are."""
        try:
            return (1, ecosystem.version_key(version)) if ecosystem else (0, version)
        except ValueError:
            return 0, version

    return key
