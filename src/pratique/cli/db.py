"""`db update` and `db info`: the advisory database."""

from __future__ import annotations

import os
import sys

from pratique.advisories.database import Database
from pratique.advisories.fetch import choose, source_of
from pratique.advisories.shard import shards_in
from pratique.advisories.share.take import take
from pratique.advisories.update import Outcome, Request, update
from pratique.cli.parser import Asked
from pratique.cli.progress import watch
from pratique.cli.time_limit import time_limit
from pratique.errors import UsageError
from pratique.scanning import database_folder

_FAILED = 5


def run(asked: Asked) -> int:
    """Update the shards that are here and those that are named, or list them."""
    folder = database_folder(asked.settings)
    present = shards_in(folder)
    if asked.words["action"] == "info":
        return _info(folder, present)
    if asked.words["action"] != "update":
        from pratique.cli import share  # noqa: PLC0415 - what an update does not need

        return share.run(asked)
    shards = sorted({*present, *asked.words["ecosystem"], "KEV"})
    if shards == ["KEV"] and not present and not asked.words["ecosystem"]:
        raise UsageError(
            "no shard is here yet", "a scan fetches what it needs; or name some by --ecosystem"
        )
    with time_limit(asked.settings.timeout), watch(asked.settings) as observe:
        parts = os.path.join(folder, "parts")
        outcomes: list[Outcome] = []
        if asked.settings.db_repository:
            taken = take(folder, shards, asked.settings, observe)
            shards, outcomes = taken.left, list(taken.outcomes.values())
            for problem in taken.problems:
                print(f"pratique: {problem}", file=sys.stderr)
        outcomes += update(shards, Request(
            folder=folder, fetch=choose(asked.settings, parts, observe),
            source=source_of(asked.settings), observe=observe, bulk=True,
        ))  # fmt: skip
    if not asked.settings.quiet:
        for outcome in outcomes:
            print(_line(outcome))
    return _FAILED if any(outcome.error for outcome in outcomes) else 0


def _line(outcome: Outcome) -> str:
    if outcome.error:
        return f"{outcome.shard:24} kept as it was: {outcome.error}"
    if outcome.changed:
        return f"{outcome.shard:24} {outcome.records:,} records"
    return f"{outcome.shard:24} unchanged"


def _info(folder: str, present: list[str]) -> int:
    database = Database(folder)
    starter = [name for name in database.starter_shards() if name not in present]
    for name in sorted([*present, *starter]):
        database.has(name)
    rows = [
        (s.name, f"{s.records:,}", s.built[:16].replace("T", " "), s.newest[:10],
         "starter, ships with pratique" if s.starter else s.source)
        for s in database.shards()
    ]  # fmt: skip
    sizes = sum(entry.stat().st_size for entry in os.scandir(folder)) if present else 0
    table = [("shard", "records", "updated", "newest", "source"), *rows]
    widths = [max(len(row[column]) for row in table) for column in range(5)]
    for row in table:
        sys.stdout.write("  ".join(map(str.ljust, row, widths)).rstrip() + "\n")
    print(f"{folder}: {sizes / 1e6:.1f} MB")
    return 0
