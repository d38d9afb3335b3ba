"""Measure building the advisory database from a mirror: time, peak memory, size on disk.

    python benchmarks/database.py --feed-mirror FOLDER [--pratique VENV/bin/pratique]
        [--ecosystem NAME …] [--trivy-db trivy.db] [--runs 3]

Without --ecosystem it asks for `db update --all`. The peak is the largest sum of the resident
memory of the process and its children, looked at every 20 ms. --trivy-db is a Trivy database of the
same records; the ratio is that of the shards of what it has, then that of all.
"""

from __future__ import annotations

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

# what Trivy's database is made of; the others (KEV, CVE …) enrich
COMMON = ("PyPI", "npm", "Maven", "Go", "crates.io", "RubyGems", "Packagist", "NuGet", "Bitnami",
          "Debian", "AlmaLinux", "Alpine")  # fmt: skip
PAGE = os.sysconf("SC_PAGE_SIZE")


class Build(NamedTuple):
    wall: float
    cpu: float
    memory: int
    """Bytes, children included."""
    written: int
    """Bytes of all shards."""
    common: int
    """Bytes of the shards that Trivy's database has as well."""
    shards: int
    status: int


def family(process: int) -> list[int]:
    """Return a process and all that descend from it, as far as they still run."""
    found = [process]
    for known in found:
        try:
            threads = os.listdir(f"/proc/{known}/task")
            for thread in threads:
                with open(f"/proc/{known}/task/{thread}/children", encoding="ascii") as file:
                    found += [int(child) for child in file.read().split()]
        except OSError:
            continue
    return found


def resident(process: int) -> int:
    try:
        with open(f"/proc/{process}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * PAGE
    except OSError:
        return 0


def build(command: list[str], folder: Path, log: Path) -> Build:
    start = time.perf_counter()
    peak = 0
    with log.open("wb") as told:
        process = subprocess.Popen(command, stdout=told, stderr=subprocess.STDOUT)
        while not (waited := os.wait4(process.pid, os.WNOHANG))[0]:
            peak = max(peak, sum(map(resident, family(process.pid))))
            time.sleep(0.02)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(waited[1])
    files = [path for path in folder.rglob("*.db") if path.is_file()]
    sizes = {path.name: path.stat().st_size for path in files}
    common = sum(size for name, size in sizes.items() if name.removesuffix(".db").split("%")[0]
                 in COMMON)  # fmt: skip
    used = waited[2]
    return Build(wall, used.ru_utime + used.ru_stime, peak, sum(sizes.values()), common, len(files),
                 process.returncode)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--feed-mirror", required=True)
    parser.add_argument("--pratique", default="pratique")
    parser.add_argument("--ecosystem", action="append", default=[])
    parser.add_argument("--trivy-db", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    which = [word for name in asked.ecosystem for word in ("--ecosystem", name)] or ["--all"]
    builds = []
    for _ in range(asked.runs):
        with tempfile.TemporaryDirectory() as place:
            folder, log = Path(place, "cache"), Path(place, "log")
            words = [*shlex.split(asked.pratique), "db", "update", *which, "--timeout", "30m"]
            words += ["--feed-mirror", asked.feed_mirror, "--cache-dir", str(folder)]
            builds.append(build(words, folder, log))
            if builds[-1].status:
                said = log.read_text(encoding="utf-8", errors="replace").splitlines()
                print("\n".join(line for line in said if "records" not in line), file=sys.stderr)
            if not builds[-1].shards:
                sys.exit("no shard was made")
    middle = Build(*(statistics.median(values) for values in zip(*builds, strict=True)))
    print(f"wall {middle.wall:.1f} s, CPU {middle.cpu:.1f} s, peak {middle.memory / 1e6:.0f} MB, "
          f"{middle.shards:.0f} shards, {middle.written / 1e6:.1f} MB, status {middle.status:.0f}, "
          f"medians of {asked.runs}")  # fmt: skip
    if asked.trivy_db:
        theirs = asked.trivy_db.stat().st_size
        print(f"of what Trivy has: {middle.common / 1e6:.1f} of {theirs / 1e6:.1f} MB = "
              f"{middle.common / theirs:.2f}; all: {middle.written / theirs:.2f}")  # fmt: skip
    print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
