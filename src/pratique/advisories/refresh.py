"""Keep the shards that a scan needs fresh enough, or say why they are not."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from pratique.advisories.shard import path_of
from pratique.model.event import Observe, ignore
from pratique.model.inventory import Problem
from pratique.model.settings import Settings


def refresh(
    folder: str, shards: Iterable[str], settings: Settings, observe: Observe = ignore
) -> list[Problem]:
    """Update the shards that are missing or older than `max_db_age` hours; return what went wrong.

    With `skip_db_update` nothing is asked for, with `offline` only a shared database in a folder.
    A shard that cannot be updated is used as it is, with a warning that says how old it is.
    """
    problems: list[Problem] = []
    if settings.db_repository and not settings.skip_db_update:
        problems, shards = _taken(folder, shards, settings, observe)
    if not settings.offline and (due := outdated(folder, shards, settings)):
        return [*problems, *_updated(folder, due, settings, observe)]
    return [*problems, *map(Problem, _old(folder, sorted(shards), settings))]


def _taken(
    folder: str, shards: Iterable[str], settings: Settings, observe: Observe
) -> tuple[list[Problem], list[str]]:
    """Take what is due from shared databases; return what went wrong and what they did not give."""
    shards = sorted(shards)
    due = outdated(folder, shards, settings)
    if not due:
        return [], shards
    from pratique.advisories.share.take import take  # noqa: PLC0415 - as the feeds' parsers

    # the image's registry is another: what is given is for that one
    anybody = replace(settings, username="", password="", registry_token="")
    taken = take(folder, due, anybody, observe)
    problems = [*taken.problems, *_old(folder, taken.outcomes, settings)]
    return [Problem(text) for text in problems], [
        shard
        for shard in shards
        if shard not in taken.outcomes
        # NVD's years are too much for a scan to fetch where there is no mirror
        and (settings.feed_mirror or shard not in taken.left or not _is_new_year(folder, shard))
    ]


def _old(folder: str, shards: Iterable[str], settings: Settings) -> Iterator[str]:
    for shard in shards:
        if settings.max_db_age < (age := _age(folder, shard)) < float("inf"):
            yield f"advisories for {shard} were last updated {age / 24:.0f} days ago"


def _is_new_year(folder: str, shard: str) -> bool:
    return shard.startswith("CVE:") and _age(folder, shard) == float("inf")


def outdated(folder: str, shards: Iterable[str], settings: Settings) -> list[str]:
    """Return the shards that an update is due for; none where the settings forbid one."""
    if settings.skip_db_update or (settings.offline and not settings.db_repository):
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
