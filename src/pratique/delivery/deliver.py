"""Bring requests to what is wanted: open, renew, withdraw, or leave them to who works on them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib import import_module

from pratique.delivery.model import Forge, Kind, Opened, Wanted, family_mark
from pratique.delivery.repository import Repository

FORGES = ("github", "gitlab")


def kind_of(name: str) -> Kind:
    """Return how a forge is spoken to; its module is imported when it is asked for."""
    chosen: Kind = getattr(import_module(f"pratique.delivery.{name}"), name)
    return chosen


def token_of(kind: Kind) -> str:
    return next((os.environ[name] for name in kind.tokens if os.environ.get(name)), "")


def is_of_another(kind: Kind, host: str) -> bool:
    """Tell whether a host is the home of another forge, which is not to see this one's token."""
    return host in {kind_of(name).home for name in FORGES} - {kind.home}


def deliver(
    repository: Repository, forge: Forge, wanted: Wanted, base: str, auth: Mapping[str, str]
) -> str:
    """Push the branch, and open or update its request; return what was done, on one line.

    A branch with commits of others is left alone, and so is a request that somebody closed and that
    was for this same plan. Raises SourceError and PratiqueError where something is refused.
    """
    commit, plan = repository.there(wanted.branch, auth)
    earlier = forge.requests(wanted.branch)
    current = next((one for one in earlier if one.is_open), None)
    if commit and not plan:
        return f"{wanted.branch}: has commits of others, and is left as it is"
    if current is None and (closed := _closed(earlier, wanted)):
        return f"{closed.url}: was closed for this same plan, and is not opened again"
    if plan != wanted.plan:
        repository.push(repository.commit(wanted), wanted.branch, commit, auth)
    if current is None:
        return f"{forge.open(wanted, base).url}: opened"
    if plan == wanted.plan and wanted.mark in current.body:
        return f"{current.url}: is as it should be"
    forge.update(current, wanted)
    return f"{current.url}: updated"


def withdraw(
    repository: Repository, forge: Forge, family: str, kept: Collection[str],
    auth: Mapping[str, str],
) -> Iterator[str]:  # fmt: skip
    """Close what earlier plans of a family opened, but for some branches; yield what was done.

    A request on whose branch others have worked stays, and so does its branch.
    """
    why = "What it changes is done already, or is part of another request now."
    for one in forge.all_open():
        if not one.branch or one.branch in kept or family_mark(family) not in one.body:
            continue
        commit, plan = repository.there(one.branch, auth)
        if not plan:
            yield f"{one.url}: is outdated, but has commits of others, and is left as it is"
            continue
        forge.withdraw(one, f"Closed by Pratique, which opened it. {why}")
        repository.remove(one.branch, commit, auth)
        yield f"{one.url}: is outdated, and was closed with its branch"


def _closed(earlier: Sequence[Opened], wanted: Wanted) -> Opened | None:
    return next((one for one in earlier if not one.is_merged and wanted.mark in one.body), None)
