"""Measure the search for secrets beside Trivy's, in turn, in one run: wall, CPU, peak memory.

    python benchmarks/secret_speed.py --pratique 'VENV/bin/pratique' --trivy TRIVY IMAGE.tar …

Both are asked for `--scanners secret -f json`. A cold run begins with an empty cache of layers;
what is made of the rules once an installation is there, which PYTHONDONTWRITEBYTECODE prevents.
Medians; on a machine that others use, trust the ratios of CPU.
"""

from __future__ import annotations

import argparse
import os
import shlex
import tempfile
from pathlib import Path

from scan import Run, Tool, row

TRIVY = ("image --skip-version-check --disable-telemetry --offline-scan -q --scanners secret "
         "-f json")  # fmt: skip
OURS = "image -q --scanners secret -f json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pratique", default="pratique")
    parser.add_argument("--trivy", default="trivy")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("images", type=Path, nargs="+")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "nothing").mkdir()
        tools = (
            Tool(shlex.split(asked.pratique), OURS, place / "nothing", place / "ours"),
            Tool([asked.trivy], TRIVY, place / "nothing", place / "theirs"),
        )
        tools[0].cold(["--input", str(asked.images[0])], input_file=None)  # compiles the rules
        print("| image | wall, s: ours / Trivy | CPU, s | peak memory, MB |")
        print("|---|---|---|---|")
        for image in asked.images:
            target = ["--input", str(image)]
            cold: tuple[list[Run], list[Run]] = ([], [])
            warm: tuple[list[Run], list[Run]] = ([], [])
            for _ in range(asked.runs):
                for index, tool in enumerate(tools):
                    cold[index].append(tool.cold(target, input_file=image))
                    warm[index].append(tool.warm(target))
            print(row(f"{image.stem}, cold", *cold), flush=True)
            print(row(f"{image.stem}, warm", *warm), flush=True)
    print(f"\n{os.cpu_count()} CPUs, {asked.runs} runs, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
