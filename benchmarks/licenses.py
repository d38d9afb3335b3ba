"""Licences of images, ours beside Trivy's: time, packages with a licence, what both say of them.

    python benchmarks/licenses.py --trivy PROGRAM IMAGE.tar … [--runs 3]

Both are asked for `--scanners license --license-full -f json`, with an empty cache each time. What
both say of a package is compared as sets of licences, after both are written as SPDX has them now.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from typing import Any

from pratique.licenses.evaluate import leaves
from pratique.licenses.expressions import is_known, normalise

WORDS = ("--scanners", "license", "--license-full", "-f", "json")
Stated = dict[tuple[str, str], set[str]]


def run(command: list[str], cache: str) -> tuple[dict[str, Any], float, float, float]:
    """Return the report, and wall seconds, CPU seconds and peak MB."""
    shutil.rmtree(cache, ignore_errors=True)
    output = cache + ".json"
    begun = time.perf_counter()
    process = subprocess.Popen([*command, "-o", output], stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    if status:
        sys.exit(f"{command[0]} ended with status {status}")
    with open(output, encoding="utf-8") as file:
        report = json.load(file)
    return report, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def stated(report: dict[str, Any]) -> Stated:
    """Map each package to its licences."""
    found: Stated = {}
    for result in report.get("Results", ()):
        for one in result.get("Licenses", ()):
            if one.get("PkgName") and one["Name"] != "unknown":
                place = "os" if result["Target"] == "OS Packages" else "library"
                names = leaves(normalise(one["Name"]))
                found.setdefault((place, one["PkgName"]), set()).update(names)
    return found


def compare(ours: Stated, theirs: Stated, examples: int) -> None:
    both = ours.keys() & theirs.keys()
    same = [key for key in both if ours[key] == theirs[key]]
    known = [sum(all(map(is_known, names)) for names in one.values()) for one in (ours, theirs)]
    print(f"  packages with a licence: {len(ours)} ours, {len(theirs)} Trivy's")
    print(f"  all of whose are SPDX's: {known[0]}, {known[1]}; the same {len(same)} of {len(both)}")
    print("  only ours:", sorted(ours.keys() - theirs.keys())[:examples])
    print("  only Trivy's:", sorted(theirs.keys() - ours.keys())[:examples])
    more, fewer = Counter[str](), Counter[str]()
    for key in both:
        more.update(ours[key] - theirs[key])
        fewer.update(theirs[key] - ours[key])
    print("  ours say more:", more.most_common(examples))
    print("  Trivy says more:", fewer.most_common(examples))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--trivy", required=True)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--examples", type=int, default=12)
    parser.add_argument("images", nargs="+")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="licenses-") as folder:
        for image in chosen.images:
            one_image(image, chosen, folder)


def one_image(image: str, chosen: argparse.Namespace, folder: str) -> None:
    caches = [os.path.join(folder, name) for name in ("ours", "trivy")]
    commands = [
        [sys.executable, "-m", "pratique", "image", "--input", image, *WORDS,
         "--cache-dir", caches[0], "-q"],
        [chosen.trivy, "image", "--input", image, *WORDS, "--cache-dir", caches[1], "-q",
         "--skip-version-check"],
    ]  # fmt: skip
    runs: list[list[tuple[dict[str, Any], float, float, float]]] = [[], []]
    for _ in range(chosen.runs):  # in turn
        for at, command in enumerate(commands):
            runs[at].append(run(command, caches[at]))
    print(os.path.basename(image), flush=True)
    for at, unit in ((1, "s wall"), (2, "s CPU"), (3, "MB")):
        ours, theirs = (statistics.median(one[at] for one in side) for side in runs)
        print(f"  {unit}: {ours:.2f} / {theirs:.2f} = {ours / theirs:.2f}")
    compare(stated(runs[0][0][0]), stated(runs[1][0][0]), chosen.examples)


if __name__ == "__main__":
    main()
