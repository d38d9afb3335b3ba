"""Pairs of versions that are near each other, made of those that real packages have."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

Families = Sequence[Sequence[str]]
"""Versions by package."""
_HOST = "osv-vulnerabilities.storage.googleapis.com"
_RUN = re.compile(r"\d+|[A-Za-z]+|[^A-Za-z0-9]")
# for a machine without feeds: shapes that all grammars have
PLAIN: Families = (
    ("0", "0.1", "1.0", "1.0.1", "1.10", "1.2.3", "2.0.0", "10.0"),
    ("1.0-1", "1.0.0-rc1", "1.0.0-alpha", "1.0.0", "1.0.0.1", "1.0a", "1.0.beta2"),
    ("20200101", "2020.1.1", "3.0.0-20200101", "v1.2.3", "0.0.0"),
)


def families(mirror: Path, ecosystems: Sequence[str]) -> Families:
    """Return the versions that OSV's records of some ecosystems name, plain ones without any."""
    found: dict[str, set[str]] = {}
    for ecosystem in ecosystems:
        for name, version in named(mirror, ecosystem):
            found.setdefault(name, set()).add(version)
    return [sorted(versions) for _, versions in sorted(found.items())] or PLAIN


def named(mirror: Path, ecosystem: str) -> Iterator[tuple[str, str]]:
    """Yield the name and version of each that an ecosystem's records name."""
    path = mirror / _HOST / ecosystem / "all.zip"
    if not path.exists():
        return
    with zipfile.ZipFile(path) as archive:
        for entry in archive.namelist():
            for affected in json.loads(archive.read(entry)).get("affected", ()):
                name = affected.get("package", {}).get("name", "")
                for version in affected.get("versions", ()):
                    yield name, version
                for stretch in affected.get("ranges", ()):
                    if stretch["type"] != "GIT":
                        for event in stretch["events"]:
                            yield from ((name, version) for version in event.values())


def pairs(
    known: Families, words: Sequence[str], separators: str, count: int, random: Random
) -> list[tuple[str, str]]:
    """Return pairs of two versions of a package, or of one and what a few changes make of it."""
    return [_pair(random.choice(known), words, separators, random) for _ in range(count)]


def _pair(
    versions: Sequence[str], words: Sequence[str], separators: str, random: Random
) -> tuple[str, str]:
    one = random.choice(versions)
    if random.random() < 0.3:
        return one, random.choice(versions)
    other = one
    for _ in range(random.choice((1, 1, 2, 3))):
        other = changed(other, words, separators, random)
        if random.random() < 0.2:
            one = changed(one, words, separators, random)
    return (one, other) if random.random() < 0.5 else (other, one)


def changed(version: str, words: Sequence[str], separators: str, random: Random) -> str:
    """Return a version with one thing about it changed."""
    runs = _RUN.findall(version) or ["0"]
    at = random.randrange(len(runs))
    match random.randrange(9):
        case 0 | 1:
            runs[at] = _other_number(runs[at], random)
        case 2:
            runs = runs[: max(1, at)]
        case 3:
            runs += [random.choice(separators), random.choice(("0", "00", "1", "10"))]
        case 4 | 5:
            runs.insert(random.choice((at, len(runs))), random.choice(words))
        case 6:
            runs[at] = runs[at] if runs[at].isalnum() else random.choice(separators)
        case 7:
            runs[at] = runs[at].swapcase()
        case _:
            del runs[at]
    return "".join(runs) or "0"


def _other_number(run: str, random: Random) -> str:
    if not run.isdigit():
        return run
    number = int(run)
    return random.choice(
        (str(number + 1), str(max(0, number - 1)), f"0{run}", f"{run}0", "0", str(number // 10))
    )
