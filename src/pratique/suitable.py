"""Choose, of the versions that there are, the lowest that has what is fixed in another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pratique.match import ecosystem_of
from pratique.model.finding import Finding
from pratique.model.inventory import Distro, Package
from pratique.model.remedy import Bump

_UNFINISHED = re.compile(
    r"(?i)\d[-._]?(?:alpha|beta|a|b|rc|cr|c|m|dev|pre|preview|snapshot|milestone|canary|next|ea)"
    r"(?:[-._]?\d|[-.]|$)"
)
_FLAVOUR = re.compile(r"[-.](?:jre|jdk|android)\d*\Z")


def suitable(bump: Bump, there: Sequence[str], distro: Distro | None = None) -> str:
    """Return the version; empty where there is none.

    That is never an unfinished one (alpha, rc, snapshot), unless the fix itself is in such a one.
    """
    there = _of_its_flavour(bump, there)
    package = Package(bump.path, bump.analyzer, bump.type, bump.name, bump.installed[0])
    ecosystem = ecosystem_of(package, distro)
    if bump.to in there or ecosystem is None:
        return bump.to if bump.to in there else ""
    least = ecosystem.version_key(bump.to)
    found = []
    for version in there:
        try:
            key = ecosystem.version_key(version)
        except ValueError:
            continue
        if not key < least and (key == least or not _UNFINISHED.search(version)):
            found.append((key, version))
    return min(found, key=lambda one: one[0])[1] if found else ""


def _of_its_flavour(bump: Bump, there: Sequence[str]) -> Sequence[str]:
    """Leave out what is built for another Java: 32.0.0-android is no step from 31.1-jre."""
    flavour = _FLAVOUR.search(bump.installed[0]) if bump.type == "maven" else None
    same = [version for version in there if flavour and version.endswith(flavour[0])]
    return same or there


def lesser_versions(
    findings: Sequence[Finding], than: str, distro: Distro | None = None
) -> tuple[str, ...]:
    """Return the other versions that fix something, above the installed one, the highest first."""
    package = findings[0].package
    ecosystem = ecosystem_of(package, distro)
    if ecosystem is None:
        return ()
    found = []
    for version in {version for finding in findings for version in finding.fixed}:
        try:
            key = ecosystem.version_key(version)
            if ecosystem.version_key(package.version) < key < ecosystem.version_key(than):
                found.append((key, version))
        except ValueError:
            continue
    return tuple(version for _, version in sorted(found, key=lambda one: one[0], reverse=True))


def newest_of(package: Package, versions: Sequence[str]) -> str:
    """Return the newest version that is finished and above a package's; empty where none is."""
    ecosystem = ecosystem_of(package, None)
    if ecosystem is None:
        return ""
    found = []
    for version in versions:
        try:
            key = ecosystem.version_key(version)
            if ecosystem.version_key(package.version) < key and not _UNFINISHED.search(version):
                found.append((key, version))
        except ValueError:
            continue
    return max(found, key=lambda one: one[0])[1] if found else ""
