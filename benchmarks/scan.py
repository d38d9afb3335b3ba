"""Measure scans beside Trivy's, in turn, in one run: wall, CPU and peak memory, medians.

    python benchmarks/scan.py --pratique 'VENV/bin/pratique' --trivy TRIVY \
        --trivy-cache FOLDER --feed-mirror FOLDER [--registry HOST/PREFIX] \
        [--scanners LIST] IMAGE.tar …

FOLDER of --trivy-cache holds a Trivy database of the same feeds. Both tools are asked for
`-f json`, the same scanners (`vuln,secret`, their default) and for no updates. A cold run begins
with a cache that holds the database
alone; a warm run repeats the scan on the cache that the cold one left.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

TRIVY = ("image --skip-db-update --skip-java-db-update --offline-scan --skip-version-check "
         "--disable-telemetry --skip-check-update -q -f json")  # fmt: skip
OURS = "image --skip-db-update -q -f json"


class Run(NamedTuple):
    wall: float
    cpu: float
    memory: float
    """MB."""


def measure(command: list[str]) -> Run:
    """Run a command and return what it cost; its exit status must be 0."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{shlex.join(command)}: exit status {process.returncode}")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)


class Tool:
    """One scanner with a cache of its own."""

    def __init__(self, words: list[str], options: str, database: Path, place: Path) -> None:
        self._words = [*words, *options.split()]
        self._database = database
        self._cache = place

    def cold(self, target: list[str], *, input_file: Path | None) -> Run:
        shutil.rmtree(self._cache, ignore_errors=True)
        shutil.copytree(self._database, self._cache)
        if input_file:
            # both find it in the page cache; read elsewhere, as a child's peak begins with ours
            subprocess.run(["cat", str(input_file)], stdout=subprocess.DEVNULL, check=True)
        return self.warm(target)

    def warm(self, target: list[str]) -> Run:
        return measure([*self._words, "--cache-dir", str(self._cache), *target])


def median(runs: list[Run]) -> Run:
    return Run(*(statistics.median(values) for values in zip(*runs, strict=True)))


def row(name: str, ours: list[Run], theirs: list[Run]) -> str:
    mine, peer = median(ours), median(theirs)
    cells = [
        f"{a:.2f} / {b:.2f} = **{a / b:.2f}**"
        for a, b in ((mine.wall, peer.wall), (mine.cpu, peer.cpu))
    ]
    cells.append(f"{mine.memory:.0f} / {peer.memory:.0f} = **{mine.memory / peer.memory:.2f}**")
    return f"| {name} | " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pratique", default="pratique")
    parser.add_argument("--trivy", default="trivy")
    parser.add_argument("--trivy-cache", type=Path, required=True)
    parser.add_argument("--feed-mirror", required=True)
    parser.add_argument("--registry", default="", help="such as 127.0.0.1:5000/lab")
    parser.add_argument("--scanners", default="vuln,secret")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("images", type=Path, nargs="+")
    asked = parser.parse_args()
    ours_words = shlex.split(asked.pratique)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        database = place / "database"
        for image in asked.images:  # brings the shards that these images need
            subprocess.run(
                [*ours_words, "image", "-q", "--no-cache", "--cache-dir", str(database),
                 "--feed-mirror", asked.feed_mirror, "--input", str(image), "-o", os.devnull],
                check=True,
            )  # fmt: skip
        shutil.rmtree(database / "layers", ignore_errors=True)
        chosen = f" --scanners {asked.scanners}"
        ours = Tool(ours_words, OURS + chosen, database, place / "ours")
        theirs = Tool([asked.trivy], TRIVY + chosen, asked.trivy_cache, place / "theirs")
        print("| image | wall, s: ours / Trivy | CPU, s | peak memory, MB |")
        print("|---|---|---|---|")
        for image in asked.images:
            targets = {"archive": (["--input", str(image)], image)}
            if asked.registry:
                targets["registry"] = ([f"{asked.registry}/{image.stem}", "--insecure"], None)
            for kind, (target, file) in targets.items():
                cold: tuple[list[Run], list[Run]] = ([], [])
                warm: tuple[list[Run], list[Run]] = ([], [])
                for _ in range(asked.runs):
                    for index, tool in enumerate((ours, theirs)):
                        cold[index].append(tool.cold(target, input_file=file))
                        warm[index].append(tool.warm(target))
                print(row(f"{image.stem}, {kind}, cold", *cold), flush=True)
                print(row(f"{image.stem}, {kind}, warm", *warm), flush=True)
    print(f"\n{os.cpu_count()} CPUs, {asked.runs} runs, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
