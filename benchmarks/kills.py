"""Kill an update at random moments, and look at what it leaves: every shard whole, of one state.

    python benchmarks/kills.py [--kills 200] [--seed 0]

Whole readings and increments take turns, of a shard of 900 records.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pratique.advisories.database import Database
from pratique.advisories.shard import check, path_of, shards_in
from pratique.errors import DatabaseError

TESTS = str(Path(__file__).parents[1] / "tests")
CHILD = """
import sys
sys.path.insert(0, sys.argv[2])
from advisories.mirrors import Mirror, record, updated
step = int(sys.argv[3])
while True:
    step += 1
    mirror = Mirror()
    date = f"2026-01-01T{step // 60 % 24:02}:{step % 60:02}:00Z"
    records = [record(f"GHSA-{n}", f"p-{n % 9}", f"{step}.0.0", date) for n in range(900)]
    mirror.osv("npm", records, listed=step % 2 == 0)
    updated(sys.argv[1], ["npm"], mirror)
    print("ok", flush=True)
"""


def states(folder: str, shard: str) -> set[str]:
    """Return the fixed versions that a shard names: one where it is of one state."""
    database = Database(folder, starter="")
    try:
        return {
            affected.ranges[0].fixed
            for n in range(9)
            for affected in database.about(shard, f"p-{n}") or ()
        }
    finally:
        database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    broken, looked, updates = 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for kill in range(asked.kills):
            words = [sys.executable, "-c", CHILD, folder, TESTS, str(kill * 7)]
            child = subprocess.Popen(words, stdout=subprocess.PIPE)
            time.sleep(0.35 + chance.random() * 0.7)
            child.send_signal(signal.SIGKILL)
            updates += (child.communicate()[0] or b"").count(b"ok")
            for shard in shards_in(folder):
                looked += 1
                try:
                    check(path_of(folder, shard))
                    broken += len(states(folder, shard)) > 1
                except (DatabaseError, OSError) as error:
                    broken += 1
                    print(error)
        left = sum(name.endswith(".new") for name in os.listdir(folder))
    print(f"{asked.kills} kills between {updates} whole updates, {looked} shards looked at: "
          f"{broken} broken; {left} unfinished files, which a later update sweeps")  # fmt: skip
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
