"""What a bulletin of an RPM distribution fixes, as affected packages.

A bulletin lists the builds that fix a flaw, one for each package, architecture and stream; a
package is affected by what is older than its build.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from pratique.codecs.rpmversion import version_key
from pratique.model.advisory import Affected, Range

Stretches = Callable[[Sequence[str]], tuple[Range, ...]]
_WITHOUT_CODE = ("-debuginfo", "-debugsource")
_SOURCE = frozenset({"src", "nosrc"})
_FIRST_NUMBER = re.compile(r"\d+", re.ASCII)


class Build(Struct, frozen=True, gc=False):
    """One RPM that fixes a flaw."""

    name: str
    version: str
    """`epoch:version-release`, the epoch left out where it is 0."""
    arch: str = ""
    module: str = ""
    """`nodejs:18`, where it is of a stream of rpm's modularity."""


def evr(epoch: str | None, version: str, release: str) -> str:
    """Return `epoch:version-release`; an epoch that is missing, or no number, is 0."""
    number = epoch.lstrip("0") if epoch and epoch.isascii() and epoch.isdigit() else ""
    shown = f"{number}:" if number else ""
    return f"{shown}{version}-{release}" if release else shown + version


def without_epoch_0(version: str) -> str:
    """Return `1.0-1` for `0:1.0-1`, as inventories write it."""
    return version.removeprefix("0:")


def affected(
    builds: Iterable[Build], stretches: Stretches | None = None
) -> Iterator[tuple[str, Affected]]:
    """Yield each package with what is affected of it.

    Architectures are told apart where their builds differ. Packages without code (debuginfo) are
    left out, and source packages where there are binary ones.
    """
    kept = [build for build in builds if not _is_without_code(build.name)]
    if any(build.arch not in _SOURCE for build in kept):
        kept = [build for build in kept if build.arch not in _SOURCE]
    packages: dict[tuple[str, str], dict[str, list[str]]] = {}
    for build in kept:
        arches = packages.setdefault((build.name, build.module), {})
        versions = arches.setdefault(build.arch, [])
        if build.version not in versions:
            versions.append(build.version)
    for (name, module), arches in packages.items():
        for fixes, of in _by_fixes(arches):
            if ranges := (stretches or by_version)(fixes):
                yield name, Affected(ranges, module=module, arches=of)


def _is_without_code(name: str) -> bool:
    return name.endswith(_WITHOUT_CODE) or "-debuginfo-common" in name


def _by_fixes(arches: dict[str, list[str]]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield the fixes and the architectures that have them; none where all have the same."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for arch, fixes in arches.items():
        groups.setdefault(tuple(sorted(fixes)), []).append(arch)
    for group, of in groups.items():
        yield group, tuple(sorted(of)) if len(groups) > 1 and all(of) else ()


def by_version(fixes: Sequence[str]) -> tuple[Range, ...]:
    """Return the affected stretches where there are several fixes of one flaw in one package.

    Up to the first everything is affected. A fix of another upstream version is that of a line of
    its own; of those of one line the lowest is enough. A fix that is no version is passed over.
    """
    return _branches(fixes, by_release=False)


def by_release(fixes: Sequence[str]) -> tuple[Range, ...]:
    """Return the same where the number that a release begins with makes a line of its own, too.

    RHEL 9.2 has curl 7.76.1-23.el9_2.4 fixed, 9.3 7.76.1-26.el9_3.2, and 7.76.1-26.el9 is not.
    """
    return _branches(fixes, by_release=True)


def _branches(fixes: Sequence[str], *, by_release: bool) -> tuple[Range, ...]:
    ordered = sorted(set(filter(_is_version, fixes)), key=version_key)
    ranges: list[Range] = []
    for fix in ordered:
        begins = _branch_after(ranges[-1].fixed, fix, by_release=by_release) if ranges else "0"
        if begins:
            ranges.append(Range(begins, fix))
    return tuple(ranges)


def _is_version(text: str) -> bool:
    try:
        version_key(text)
    except ValueError:
        return False
    return True


def _branch_after(last: str, fix: str, *, by_release: bool) -> str:
    """Return where the branch of a fix begins that follows another's; empty on the same branch."""
    version, _, release = last.rpartition("-")
    other, _, other_release = fix.rpartition("-")
    if version != other:
        return other
    one, two = _FIRST_NUMBER.match(release), _FIRST_NUMBER.match(other_release)
    if by_release and one and two and int(two[0]) > int(one[0]):
        return f"{version}-{int(one[0]) + 1}"
    return ""


def beginning_with(version: str, prefix: str) -> str:
    """Return the prefix where a version is of the line that it names (`5.10` of `5.10.96-90`)."""
    upstream = version.rpartition(":")[2]
    is_of_line = upstream.startswith(prefix) and not upstream[len(prefix) :][:1].isdigit()
    return prefix if prefix and is_of_line else ""
