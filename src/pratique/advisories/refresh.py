"""Keep the shards that a scan needs fresh enough, or say why they are not."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator

from pratique.advisories.shard import path_of
from pratique.model.event import Observe, ignore
from pratique.model.inventory import Problem
from pratique.model.settings import Settings


def refresh(
    folder: str, shards: Iterable[str], settings: Settings, observe: Observe = ignore
) -> list[Problem]:
    """Update the shards that are missing or older than `max_db_age` hours; return what went wrong.

    With `offline` or `skip_db_update` nothing is asked for. A shard that cannot be updated is used
    as it is, with a warning that says how old it is.
    """
    if due := outdated(folder, shards, settings):
        return list(_updated(folder, due, settings, observe))
    return [
        Problem(f"advisories for {shard} were last updated {_age(folder, shard) / 24:.0f} days ago")
        for shard in sorted(shards)
        if settings.max_db_age < _age(folder, shard) < float("inf")
    ]


def outdated(folder: str, shards: Iterable[str], settings: Settings) -> list[str]:
    """Return the shards that an update is due for; none where the settings forbid one."""
    if settings.offline or settings.skip_db_update:
        return []
    return [shard for shard in sorted(shards) if _age(folder, shard) > settings.max_db_age]


def _updated(
    folder: str, shards: list[str], settings: Settings, observe: Observe
) -> Iterator[Problem]:
    # the feeds' parsers and the HTTP client are 100 ms of imports
    from pratique.advisories.fetch import choose, source_of  # noqa: PLC0415
    from pratique.advisories.update import Request, update  # noqa: PLC0415

    fetch = choose(settings, os.path.join(folder, "parts"), observe)
    request = Request(folder=folder, fetch=fetch, source=source_of(settings), observe=observe)
    failed: dict[str, list[str]] = {}
    for outcome in update(shards, request):
        if outcome.error:
            age = _age(folder, outcome.shard)
            kept = "" if age == float("inf") else f"; used as of {age / 24:.0f} days ago"
            failed.setdefault(outcome.error + kept, []).append(outcome.shard)
    for reason, names in failed.items():
        yield Problem(f"advisories not updated for {', '.join(names)}: {reason}")


def _age(folder: str, shard: str) -> float:
    """Return hours since a shard was compared with its source; infinite where there is none."""
    try:
        return (time.time() - os.path.getmtime(path_of(folder, shard))) / 3600
    except OSError:
        return float("inf")
