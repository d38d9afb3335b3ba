"""Measure `pratique config` beside `trivy config`, in turn, in one run: wall, CPU, peak memory.

    python benchmarks/checks.py --pratique 'VENV/bin/pratique' --trivy TRIVY [FOLDER …]

Without folders the Dockerfiles and manifests of two released Go modules are fetched by `go mod
download` and put together: some 20 Dockerfiles and 1,200 manifests of Argo CD 2.13 and Loki 1.6.
Trivy uses the checks that it has built in. Neither asks a network.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from scan import Run, measure, row

MODULES = ("github.com/argoproj/argo-cd/v2@v2.13.0", "github.com/grafana/loki@v1.6.1")
TRIVY = "config -q -f json --skip-check-update --skip-version-check --disable-telemetry"
OURS = "config -q -f json"
_OBJECT = re.compile(rb"^\s*\"?apiVersion", re.MULTILINE)


def fetched(module: str, place: Path) -> Path:
    """Return a folder with the Dockerfiles and manifests of a Go module."""
    said = subprocess.run(
        ["go", "mod", "download", "-json", module], cwd=place, capture_output=True, check=True
    ).stdout
    source = Path(json.loads(said)["Dir"])
    target = place / source.name
    for path in sorted(source.rglob("*")):
        is_manifest = path.suffix in (".yaml", ".yml") and _OBJECT.search(path.read_bytes())
        if path.is_file() and ("dockerfile" in path.name.lower() or is_manifest):
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    return target


def told(report: Path) -> str:
    """Return what a report holds: files by kind, and failures."""
    results = json.loads(report.read_bytes()).get("Results", [])
    kinds = Counter(result["Type"] for result in results)
    failures = sum(len(result.get("Misconfigurations", [])) for result in results)
    files = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    return f"{files}; {failures} failures"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pratique", default="pratique")
    parser.add_argument("--trivy", default="trivy")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("folders", type=Path, nargs="*")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "go.mod").write_text("module fetched\n")
        folders = asked.folders or [fetched(module, place) for module in MODULES]
        print("| tree | wall, s: ours / Trivy | CPU, s | peak memory, MB |")
        print("|---|---|---|---|")
        cache = ["--cache-dir", str(place / "cache")]
        reports = place / "ours.json", place / "theirs.json"
        tools = (
            [*shlex.split(asked.pratique), *OURS.split(), "-o", str(reports[0])],
            [asked.trivy, *TRIVY.split(), *cache, "-o", str(reports[1])],
        )
        for target in folders:
            runs: tuple[list[Run], list[Run]] = ([], [])
            for _ in range(asked.runs):
                for index, tool in enumerate(tools):
                    runs[index].append(measure([*tool, str(target)]))
            print(row(target.name, *runs), flush=True)
            print(f"\nours: {told(reports[0])}\nTrivy: {told(reports[1])}\n", flush=True)
    print(f"{os.cpu_count()} CPUs, {asked.runs} runs, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
