"""Compare the findings of Pratique and Trivy on the same image and the same feeds.

    python benchmarks/findings.py OURS.json TRIVYS.json

Both are JSON reports. A finding is compared by package, place and flaw; the flaw by any of its ids.
Prints how many both have, and every one that only one side has, grouped by package.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator

Key = tuple[str, str, str]


def findings(path: str) -> Iterator[tuple[Key, set[str]]]:
    """Yield (package, version, place) and the ids of each finding."""
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    for result in report.get("Results") or []:
        for found in result.get("Vulnerabilities") or []:
            own = found.get("Pratique", {})
            ids = {found["VulnerabilityID"], *found.get("VendorIDs", [])}
            ids |= {*own.get("Aliases", []), *own.get("Records", [])}
            place = found.get("PkgPath", "")
            if not place and result["Class"] == "lang-pkgs":
                place = result["Target"]
            yield (found["PkgName"].lower(), found["InstalledVersion"], place), ids


def compare(ours: str, theirs: str) -> int:
    """Print the differences; return how many of Trivy's findings we lack."""
    mine: dict[Key, list[set[str]]] = defaultdict(list)
    for key, ids in findings(ours):
        mine[key].append(ids)
    both = 0
    lacking: dict[Key, list[str]] = defaultdict(list)
    matched: dict[Key, set[int]] = defaultdict(set)
    for key, ids in findings(theirs):
        hits = [i for i, known in enumerate(mine.get(key, [])) if known & ids]
        matched[key].update(hits)
        both += bool(hits)
        if not hits:
            lacking[key].append(min(ids))
    only = {
        key: [min(ids) for i, ids in enumerate(known) if i not in matched[key]]
        for key, known in mine.items()
    }
    print(f"both: {both}")
    for title, found in (("only Trivy", lacking), ("only Pratique", only)):
        rows = {key: ids for key, ids in found.items() if ids}
        print(f"{title}: {sum(map(len, rows.values()))}")
        for key, ids in sorted(rows.items()):
            shown = ", ".join(sorted(ids)[:6]) + (" …" if len(ids) > 6 else "")
            print(f"  {' '.join(key).strip()}: {len(ids)}: {shown}")
    return sum(map(len, lacking.values()))


if __name__ == "__main__":
    compare(*sys.argv[1:3])
