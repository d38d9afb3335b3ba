"""Measure how long it takes to match packages, their names and versions drawn from the feeds.

    python benchmarks/matching.py --feed-mirror FOLDER [--counts 2000,20000] [--known 0.2,1]
        [--profile]

A share of the packages (`--known`) has advisories; the others have names out of other ecosystems,
as most packages of an image have none. First: a new process that opens the shards, the files in
the page cache. Again: the same process once more. Seconds of CPU, which on an idle machine are
those of the clock; medians of 5. Then: the files that one look-up opens.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from random import Random

from pratique.advisories.database import Database
from pratique.advisories.fetch import choose
from pratique.advisories.update import Request, update
from pratique.match import match
from pratique.model.inventory import Distro, Inventory, Package
from pratique.model.settings import Settings

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from ecosystems.neighbours import named

DISTRO = Distro("etc/os-release", "debian", "12", "Debian GNU/Linux 12", "bookworm")
SHARDS = {
    "Debian:12": "deb", "PyPI": "pypi", "npm": "npm", "Go": "golang", "Maven": "maven",
    "crates.io": "cargo", "RubyGems": "gem", "Packagist": "composer",
}  # fmt: skip
SHARES = {
    "deb": 5,
    "npm": 7,
    "pypi": 3,
    "golang": 2,
    "maven": 2,
    "cargo": 1,
    "gem": 1,
    "composer": 1,
}
YEARS = [f"CVE:{year}" for year in range(2000, 2027)]
Names = dict[str, dict[str, list[str]]]
"""Versions by name by type of package."""


def build(folder: str, mirror: str) -> None:
    fetch = choose(Settings(feed_mirror=(str(mirror),)), os.path.join(folder, "parts"))
    request = Request(folder=folder, fetch=fetch, source="mirror")
    for outcome in update([*SHARDS, *YEARS, "KEV"], request):
        if outcome.error and not outcome.shard.startswith("CVE:"):
            print(f"{outcome.shard}: {outcome.error}", file=sys.stderr)


def names(mirror: Path) -> Names:
    found: Names = {}
    for shard, kind in SHARDS.items():
        versions: dict[str, list[str]] = defaultdict(list)
        for name, version in named(mirror, shard.partition(":")[0]):
            if version != "0" and (kind != "maven" or ":" in name):
                versions[name].append(version)
        found[kind] = dict(versions)
    return found


def inventory(drawn: Names, count: int, known: float, random: Random) -> Inventory:
    kinds = random.choices(list(SHARES), list(SHARES.values()), k=count)
    packages = (_package(drawn, kind, index, known, random) for index, kind in enumerate(kinds))
    return Inventory(tuple(packages), DISTRO)


def _package(drawn: Names, kind: str, index: int, known: float, random: Random) -> Package:
    of = kind
    if random.random() >= known:
        of = random.choice([other for other in drawn if other not in (kind, "maven")])
    name = random.choice(list(drawn[of]))
    version = random.choice(drawn[of][name])
    if of != kind:
        name, version = f"org.example:{name}" if kind == "maven" else name, "1.2.3"
    return Package(f"app/{index}", kind, kind, name, version)


def measure(folder: str, asked: Inventory) -> tuple[float, float, int]:
    """Return the CPU seconds of a new process's first and second match, and the findings."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        database = Database(folder)
        times = []
        found = 0
        for _ in range(2):
            start = time.process_time()
            found = len(match(asked, database).findings)
            times.append(time.process_time() - start)
        os.write(writing, f"{times[0]} {times[1]} {found}".encode())
        os._exit(0)
    os.close(writing)
    with open(reading, encoding="ascii") as answer:
        first, again, count = answer.read().split()
    os.waitpid(child, 0)
    return float(first), float(again), int(count)


def opened(folder: str, shard: str, name: str) -> list[str]:
    """Return the files that a look-up of one package opens."""
    files: list[str] = []

    def note(event: str, words: tuple[object, ...]) -> None:
        if event in ("open", "sqlite3.connect"):
            files.append(str(words[0]).removeprefix("file:").partition("?")[0])

    sys.addaudithook(note)
    Database(folder).about(shard, name)
    return [os.path.basename(file).replace("%25", "%") for file in files]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--feed-mirror", required=True)
    parser.add_argument("--database", help="a folder of shards to use or to make")
    parser.add_argument("--counts", default="2000,20000")
    parser.add_argument("--known", default="0.2,1")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--profile", action="store_true", help="where the last one's time goes")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = asked.database or place
        if not os.path.isdir(folder) or not os.listdir(folder):
            build(folder, asked.feed_mirror)
        drawn = names(Path(asked.feed_mirror))
        print("| packages | with advisories | findings | first, s | again, s |")
        print("|---|---|---|---|---|")
        for count in map(int, asked.counts.split(",")):
            for known in map(float, asked.known.split(",")):
                made = inventory(drawn, count, known, Random(3))
                runs = [measure(folder, made) for _ in range(asked.runs)]
                first, again, found = map(statistics.median, zip(*runs, strict=True))
                row = f"{count} | {known:.0%} | {found:.0f} | {first:.3f} | {again:.3f}"
                print(f"| {row} |", flush=True)
        if asked.profile:
            profile = cProfile.Profile()
            profile.runcall(match, made, Database(folder))
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        print(f"a look-up of lodash opens {opened(folder, 'npm', 'lodash')}")
        print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
