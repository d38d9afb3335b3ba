"""How long a plan takes beyond the scan that it is made of: medians of several runs, all warm.

    python benchmarks/fix.py --image app.tar --dockerfile Dockerfile --project DIR … [-- OPTIONS]

Options after `--` go to every command: --cache-dir, --feed-mirror, --offline.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence


def seconds(words: Sequence[str], runs: int) -> float:
    """Return the median of the wall time of a command; the first run fills caches, and is none."""
    taken = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        command = [sys.executable, "-m", "pratique", *words]
        done = subprocess.run(command, check=False, capture_output=True)
        taken.append(time.perf_counter() - start)
        if done.returncode not in (0, 5):
            sys.exit(f"{' '.join(words)}: {done.stderr.decode()}")
    return statistics.median(taken[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--image")
    parser.add_argument("--dockerfile", default="")
    parser.add_argument("--project", action="append", default=[])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("options", nargs="*")
    asked = parser.parse_args()
    common = [*asked.options, "--skip-db-update", "-q"]
    rows = []
    if asked.image:
        scan = ["image", "--input", asked.image, "--scanners", "vuln", *common]
        plan = ["fix", "image", "--input", asked.image, "--dockerfile", asked.dockerfile, *common]
        rows.append((asked.image, scan, plan))
    for folder in asked.project:
        scan = ["fs", folder, "--scanners", "vuln", *common]
        rows.append((folder, scan, ["fix", "fs", folder, *common]))
    print("| what | scan, s | plan, s | beyond, s |\n|---|---|---|---|")
    for name, scan, plan in rows:
        times = seconds(scan, asked.runs), seconds(plan, asked.runs)
        print(f"| {name} | {times[0]:.2f} | {times[1]:.2f} | {times[1] - times[0]:.2f} |")


if __name__ == "__main__":
    main()
