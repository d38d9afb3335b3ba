"""Bring a request to what is wanted: open it, renew it, or leave it to whoever works on it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module

from pratique.delivery.model import Forge, Kind, Opened, Wanted
from pratique.delivery.repository import Repository


def kind_of(name: str) -> Kind:
    """Return how a forge is spoken to; its module is imported when it is asked for."""
    chosen: Kind = getattr(import_module(f"pratique.delivery.{name}"), name)
    return chosen


def token_of(kind: Kind) -> str:
    return next((os.environ[name] for name in kind.tokens if os.environ.get(name)), "")


def deliver(repository: Repository, forge: Forge, wanted: Wanted, base: str) -> str:
    """Push the branch, and open or update its request; return what was done, on one line.

    A branch with commits of others is left alone, and so is a request that somebody closed and that
    was for this same plan. Raises SourceError and PratiqueError where something is refused.
    """
    auth = repository.authorized(forge.credentials())
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


def _closed(earlier: Sequence[Opened], wanted: Wanted) -> Opened | None:
    return next((one for one in earlier if not one.is_merged and wanted.mark in one.body), None)
