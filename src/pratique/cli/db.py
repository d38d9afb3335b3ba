"""`db`: bring the advisory database up to date, list it, prove that it is whole."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Sequence

from pratique.advised import ENRICHMENT, database_folder
from pratique.advisories.database import Database
from pratique.advisories.fetch import choose, source_of
from pratique.advisories.jobs import offered
from pratique.advisories.shard import check, path_of, shards_in
from pratique.advisories.update import Outcome, Request, update
from pratique.cli.parser import Asked
from pratique.cli.progress import watch
from pratique.cli.time_limit import time_limit
from pratique.cli.writing import write_file
from pratique.errors import DatabaseError, UsageError
from pratique.model.advisory import Shard

_FAILED = 5


def run(asked: Asked) -> int:
    """Do what is asked for with the shards that are here, or with those that are named."""
    folder = database_folder(asked.settings)
    action = asked.words["action"]
    if action in ("push", "pull", "export", "import"):
        from pratique.cli import share  # noqa: PLC0415 - what an update does not need

        return share.run(asked)
    act = {"update": _update, "info": _info, "verify": _verify}[action]
    return act(asked, folder, asked.words["ecosystem"] or shards_in(folder))


def _update(asked: Asked, folder: str, shards: Sequence[str]) -> int:
    wanted = {*shards_in(folder), *shards, *ENRICHMENT}
    if asked.words["all"]:
        wanted |= set(offered())
    elif not shards:
        raise UsageError(
            "no shard is here yet",
            "a scan fetches what it needs; or name some by --ecosystem, or ask for --all",
        )
    with time_limit(asked.settings.timeout), watch(asked.settings) as observe:
        taken: list[Outcome] = []
        if asked.settings.db_repository:
            from pratique.advisories.share.take import take  # noqa: PLC0415 - few ask for it

            shared = take(folder, wanted, asked.settings, observe)
            wanted, taken = set(shared.left), list(shared.outcomes.values())
            for problem in shared.problems:
                print(f"pratique: {problem}", file=sys.stderr)
        outcomes = taken + update(wanted, Request(
            folder=folder, fetch=choose(asked.settings, os.path.join(folder, "parts"), observe),
            source=source_of(asked.settings), observe=observe, bulk=True,
            force=asked.words["force"], diff=bool(asked.words["diff"]),
        ))  # fmt: skip
    if asked.words["diff"]:
        write_file(_changes(outcomes), asked.words["diff"])
    absent = [o for o in outcomes if o.absent and not o.is_here and o.shard not in shards]
    if not asked.settings.quiet:
        for outcome in outcomes:
            if outcome not in absent:
                print("\n".join(_lines(outcome)))
        if absent:  # of --all
            names = ", ".join(outcome.shard.removesuffix(":*") for outcome in absent)
            print(f"not there: {names}")
    return _FAILED if any(o.error for o in outcomes if o not in absent) else 0


def _lines(outcome: Outcome) -> Iterable[str]:
    if outcome.error:
        kept = "not updated" if outcome.is_here else "not to be had"
        yield f"{outcome.shard:24} {kept}: {outcome.error}"
    elif outcome.changed:
        brought = "" if outcome.changes is None else f", {len(outcome.changes):,} changes"
        yield f"{outcome.shard:24} {outcome.records:,} records{brought}"
    else:
        yield f"{outcome.shard:24} unchanged"
    for note in outcome.notes:
        yield f"{'':24}   {note}"


def _changes(outcomes: Iterable[Outcome]) -> str:
    """Return what an update brought, as JSON: a list of changes for each shard that has some."""
    from msgspec import json  # noqa: PLC0415

    document = {
        "SchemaVersion": 1,
        "CreatedAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "Shards": {outcome.shard: outcome.changes for outcome in outcomes if outcome.changes},
        "New": [
            outcome.shard for outcome in outcomes if outcome.changed and outcome.changes is None
        ],
    }
    return json.format(json.encode(document), indent=1).decode() + "\n"


def _info(_asked: Asked, folder: str, shards: Sequence[str]) -> int:
    database = Database(folder)
    try:
        starter = [] if set(shards) - set(shards_in(folder)) else database.starter_shards()
        known = [shard for name in {*shards, *starter} if (shard := _described(database, name))]
    finally:
        database.close()
    table = [("shard", "records", "size", "age", "newest record", "source"),
             *(_row(shard) for shard in sorted(known, key=lambda shard: shard.name))]  # fmt: skip
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    for row in table:
        sys.stdout.write("  ".join(map(str.ljust, row, widths)).rstrip() + "\n")
    own = sum(shard.size for shard in known if not shard.starter)
    print(f"{folder}: {own / 1e6:.1f} MB")
    return 0


def _described(database: Database, name: str) -> Shard | None:
    try:
        return database.describe(name)
    except DatabaseError as error:
        print(f"pratique: {error.message}", file=sys.stderr)
        return None


def _row(shard: Shard) -> tuple[str, ...]:
    source = "starter, ships with pratique" if shard.starter else shard.source
    feeds = f" ({', '.join(shard.feeds)})" if shard.feeds else ""
    return (
        shard.name, f"{shard.records:,}", f"{shard.size / 1e3:,.0f} kB", age_of(shard.built),
        shard.newest[:10], source + feeds,
    )  # fmt: skip


def age_of(built: str) -> str:
    """Return how long ago a time was: `5 minutes`, `3 hours`, `12 days`."""
    import calendar  # noqa: PLC0415

    then = calendar.timegm(time.strptime(built[:19], "%Y-%m-%dT%H:%M:%S"))
    minutes = max(0, (time.time() - then) / 60)
    for length, word in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= length:
            count = int(minutes / length)
            return f"{count} {word}{'s' * (count != 1)}"
    return "just now"


def _verify(asked: Asked, folder: str, shards: Sequence[str]) -> int:
    """Read every byte of every shard; name those that are not what was written."""
    damaged = 0
    for name in shards:
        try:
            check(path_of(folder, name))
        except (DatabaseError, OSError) as error:
            damaged += 1
            print(f"{name:24} {getattr(error, 'message', error)}")
    if not asked.settings.quiet:
        print(f"{len(shards) - damaged} of {len(shards)} shards are whole")
    return _FAILED if damaged else 0
