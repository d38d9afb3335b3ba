"""Compare the orders of versions with those of the package managers on this machine.

    python benchmarks/orderings.py [--feed-mirror FOLDER] [--pairs 10000] [--seed 1] [NAME …]

Pairs are versions of one package out of the feeds, or one and what a few changes make of it. Prints
for each manager how many pairs it judged, how many we order otherwise or refuse alone, and the
first of those. What a manager refuses and we do not is leniency: counted, not held against us.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from ecosystems.native import NATIVES, Absent, Native, told
from ecosystems.neighbours import families, pairs


class Tally:
    """What a manager was asked, until it has judged enough pairs."""

    def __init__(self, native: Native, mirror: Path, seed: int) -> None:
        self._native = native
        self._known = native.known or families(mirror, native.feeds)
        self._random = Random(seed)
        self.asked = self.judged = self.lenient = 0
        self.wrong: list[str] = []

    def ask(self, count: int) -> None:
        native = self._native
        made = pairs(self._known, native.words, native.separators, count, self._random)
        asked = [pair for pair in made if native.fits(*pair)]
        self.asked += len(asked)
        for (one, other), their in zip(asked, native.compare(asked), strict=True):
            our = told(native.key, one, other)
            self.judged += their != "?"
            self.lenient += their == "?" != our
            if their not in ("?", our):
                self.wrong.append(f"{one} {their} {other}, we say {our}")


def compare(native: Native, mirror: Path, count: int, seed: int) -> int:
    """Print a row, and the disagreements; return how many there are."""
    start = time.perf_counter()
    tally = Tally(native, mirror, seed)
    while tally.judged < count:
        tally.ask(count)
    seconds = time.perf_counter() - start
    numbers = f"{tally.asked} | {tally.judged} | {tally.lenient} | **{len(tally.wrong)}**"
    print(f"| {native.name} | {numbers} | {seconds:.1f} |", flush=True)
    for line in tally.wrong[:10]:
        print(f"    {line}")
    return len(tally.wrong)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--feed-mirror", type=Path, default=Path("mirror"))
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("names", nargs="*", help="such as dpkg, Maven; all of them without")
    asked = parser.parse_args()
    print("| order of | pairs | judged by it | only we accept | disagreements | seconds |")
    print("|---|---|---|---|---|---|")
    wrong = 0
    for native in NATIVES:
        if asked.names and native.name not in asked.names:
            continue
        try:
            wrong += compare(native, asked.feed_mirror, asked.pairs, asked.seed)
        except Absent as absent:
            print(f"| {native.name} | not compared: {absent} | | | | |")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
