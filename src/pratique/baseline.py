"""Hold a report against an earlier one: what is new, what was there, what was only disclosed since.

A pull request is not to be blamed for yesterday's CVE: a flaw that became known in a package that
has not changed is `disclosed`, not `new`.
"""

from __future__ import annotations

from collections.abc import Iterable

from pratique.entries import entries
from pratique.model.baseline import Baseline, State
from pratique.model.entry import Entry
from pratique.model.report import Report

_Place = tuple[str, ...]


def held_against(report: Report, before: Report) -> Baseline:
    """Return how each finding stands. Flaws are the same where they share an id or an alias."""
    old, now = list(entries(before)), list(entries(report))
    had = {key for entry in old for key in _keys(entry)}
    has = {key for entry in now for key in _keys(entry)}
    packages = {(p.type, p.name, p.version) for p in before.inventory.packages}
    states: dict[str, State] = {}
    for entry in now:
        states[entry.fingerprint] = _state(entry, had, packages)
    gone = (entry for entry in old if not any(key in has for key in _keys(entry)))
    return Baseline(before.name, before.created, states, tuple(gone))


def _state(entry: Entry, had: set[_Place], packages: set[tuple[str, str, str]]) -> State:
    if any(key in had for key in _keys(entry)):
        return "unchanged"
    package = entry.finding.package if entry.finding else None
    same = package and (package.type, package.name, package.version) in packages
    return "disclosed" if same else "new"


def _keys(entry: Entry) -> Iterable[_Place]:
    """Yield what tells an entry again: a flaw under each of its names, in a package by its name."""
    if entry.finding is None:
        yield (entry.fingerprint,)
        return
    package = entry.finding.package
    for id in (entry.id, *entry.finding.aliases):
        yield (id, package.type, package.name)
