"""CPU time and memory of every format on one report of 5,000 findings.

    python benchmarks/formats.py [COUNT]

Each format is written once in a process of its own (CPU seconds without start-up, peak memory),
then all in one process, as `-f json -o sarif=… -o html=… …` writes them.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import reports
from pratique.cli.writing import write_file
from pratique.model.format import Format, Look
from pratique.model.settings import Settings
from pratique.option_values import FORMATS

TEMPLATE = "{% for e in entries(report) %}{{ e.id }} {{ e.package }}\n{% endfor %}"


def written(names: list[str], count: int) -> dict[str, float]:
    """Give seconds of each format, the first of all with the import of what it needs."""
    report = reports.with_findings(count)
    took: dict[str, float] = {}
    for name in names:
        start = time.process_time()
        format_: Format = import_module("pratique.formats." + name.replace("-", "_")).format
        settings = Settings(template=TEMPLATE, scanners=reports.SCANNERS, format=name)
        write_file(format_.render([report], settings, Look()), "/dev/null")
        took[name] = time.process_time() - start
    return took


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    if len(sys.argv) > 2:
        took = written(sys.argv[2].split(","), count)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"took": took, "peak": peak}))
        return
    print(f"{count} findings\n{'format':<20}{'seconds':>8}{'peak, MB':>10}")
    for name in FORMATS:
        one = _apart(count, name)
        print(f"{name:<20}{one['took'][name]:>8.3f}{one['peak']:>10.0f}")
    every = _apart(count, ",".join(FORMATS))
    print(f"{'all in one process':<20}{sum(every['took'].values()):>8.3f}{every['peak']:>10.0f}")


def _apart(count: int, names: str) -> dict[str, dict[str, float]]:
    command = [sys.executable, __file__, str(count), names]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


if __name__ == "__main__":
    main()
