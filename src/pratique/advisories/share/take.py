"""Have shared databases give what the feeds need not be asked for (`--db-repository`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing

from msgspec import Struct

from pratique.advisories.share.artifact import selected
from pratique.advisories.share.pull import listed, pull
from pratique.advisories.share.repository import LAYOUT, REMOTE, open_repository
from pratique.advisories.update import Outcome
from pratique.errors import PratiqueError, Unavailable, UsageError
from pratique.model.event import Observe, ignore
from pratique.model.settings import Settings


class Taken(Struct):
    """What repositories gave."""

    outcomes: dict[str, Outcome]
    """By shard; what failed everywhere is not among them."""
    left: list[str]
    """What is to be had from the feeds."""
    problems: list[str]
    """What went wrong."""


def take(
    folder: str, shards: Collection[str], settings: Settings, observe: Observe = ignore
) -> Taken:
    """Take shards from the repositories of the settings in turn, each what those before lack.

    With `offline` only folders are asked. What is no repository of ours (Trivy's own database, in
    scripts that were written for it) is named as a problem, and passed over.
    """
    taken = Taken({}, sorted(shards), [])
    failures: list[tuple[str, PratiqueError]] = []
    if foreign := [name for name in settings.db_repository if not _is_ours(name)]:
        said = f"{', '.join(foreign)} is no database of Pratique's (oci://…): not asked"
        taken.problems.append(said)
    for name in settings.db_repository:
        if taken.left and _is_ours(name) and not (settings.offline and name.startswith(REMOTE)):
            try:
                _from(name, folder, settings, taken, observe)
            except UsageError:
                raise
            except PratiqueError as error:
                failures.append((name, error))
    taken.problems += _worth_saying(failures, taken)
    return taken


def _from(name: str, folder: str, settings: Settings, taken: Taken, observe: Observe) -> None:
    """Take from one repository what is left to be had."""
    with closing(open_repository(name, settings)) as repository:
        entries = listed(repository, settings.verify_key)
        wanted = {
            shard: [e for e in entries if e.shard in _meant(shard, e.shard)] for shard in taken.left
        }
        chosen = {entry.shard: entry for found in wanted.values() for entry in found}
        outcomes = {
            outcome.shard: outcome
            for outcome in pull(repository, list(chosen.values()), folder, observe=observe)
        }
    failed = [outcome for outcome in outcomes.values() if outcome.error]
    taken.problems += [outcome.error for outcome in failed]
    # what is older than the shard that is here is of no use, and the next may have better
    good = {shard: o for shard, o in outcomes.items() if not (o.error or o.notes)}
    taken.outcomes |= good
    taken.left = [
        shard
        for shard, found in wanted.items()
        if not found or any(entry.shard not in good for entry in found)
    ]


def _meant(shard: str, name: str) -> list[str]:
    """Return what a wanted shard means of one that is there: `Debian:*` is every release."""
    return selected([name], [shard]) if shard.endswith(":*") else [shard]


def _worth_saying(failures: list[tuple[str, PratiqueError]], taken: Taken) -> Iterator[str]:
    """Yield why repositories gave nothing; one that is away is no news where another served."""
    for name, error in failures:
        if taken.left or not isinstance(error, Unavailable):
            yield error.message if name in error.message else f"{name}: {error.message}"


def _is_ours(name: str) -> bool:
    return name.startswith((REMOTE, LAYOUT))
