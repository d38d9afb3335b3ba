"""What was changed in a copy of a project, and what a scan says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from pratique.comparison import Comparison
from pratique.model.finding import Finding
from pratique.model.habit import Mended
from pratique.model.remedy import Bump
from pratique.model.report import Report
from pratique.workspace import Altered

Key = tuple[str, str]
"""A package in a project: the path of the file that names it, and its name."""


class Step(Struct, frozen=True):
    """A change that was made."""

    bump: Bump
    to: str
    """What the manifest has now; more than was asked for where the resolver chose so."""
    removes: tuple[Finding, ...]
    """Nothing where it was made for the sake of another change alone."""
    overrides: bool = False
    """Whether what needs it does not allow the version by itself."""


class Outcome(Struct, frozen=True):
    """What was changed in the copy, and what a scan says of it."""

    compared: Comparison
    steps: tuple[Step, ...]
    along: tuple[Finding, ...]
    """Findings that went with packages that no step names: what a parent brought."""
    refused: dict[Key, str]
    """Why a package stays as it is, by its path and name."""
    remarks: tuple[str, ...]
    altered: tuple[Altered, ...]
    unchecked: frozenset[Key]
    """Bumps to versions of which no index was asked."""
    mended: tuple[Mended, ...] = ()
    """Better habits of Dockerfiles."""
    lies: tuple[str, ...] = ()
    """What files say of packages that their index does not; these files are left alone."""


def key_of(finding: Finding) -> Key:
    return finding.package.path, finding.package.name


def gone(compared: Comparison) -> list[Finding]:
    """Return the findings that a package of this name in this file does not have any more."""
    left = {(*key_of(f), f.id) for f in compared.after.findings}
    return [f for f in compared.before.findings if (*key_of(f), f.id) not in left]


def steps_of(
    compared: Comparison, done: Mapping[Key, Bump], overrides: Callable[[Bump], bool]
) -> list[Step]:
    """Return the changes that removed something, and those that these needed.

    What a parent brings counts as its own, unless it is a change itself.
    """
    went, had, has = gone(compared), _versions(compared.before), _versions(compared.after)

    def step(bump: Bump) -> Step:
        brought = {(bump.path, name) for name in bump.brings} - done.keys()
        removes = tuple(f for f in went if key_of(f) == bump.key or key_of(f) in brought)
        old, new = had.get(bump.key, {}), has.get(bump.key, {})
        left = tuple(version for version in old if version not in new)
        own = replace(bump, installed=left or bump.installed)
        to = ", ".join(version for version in new if version not in old)
        return Step(own, to or bump.to, removes, overrides(bump))

    every = [step(bump) for bump in done.values()]
    useful = {one.bump.key for one in every if one.removes}
    return [
        one for one in every
        if one.removes or any((one.bump.path, name) in useful for name in one.bump.brings)
    ]  # fmt: skip


def idle(compared: Comparison, done: Mapping[Key, Bump]) -> list[Bump]:
    """Return the changes to what a project asks for that turned out to remove nothing."""
    needed = {step.bump.key for step in steps_of(compared, done, lambda _: False)}
    return [bump for key, bump in done.items() if bump.direct and key not in needed]


def _versions(report: Report) -> dict[Key, dict[str, None]]:
    found: dict[Key, dict[str, None]] = {}
    for package in report.inventory.packages:
        found.setdefault((package.path, package.name), {})[package.version] = None
    return found
