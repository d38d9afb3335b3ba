"""Find the lock files beside the tests of analyzers, and read them with the analyzer of their name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pratique.codecs.glob import compiled
from pratique.model.analyzer import Analyzer
from pratique.model.inventory import Package
from pratique.plugins import load
from reading import packages_of

LOCKS = Path(__file__).parent / "analyzers" / "locks"


@cache
def every() -> tuple[tuple[str, Analyzer], ...]:
    """Give each file's path below LOCKS, with each analyzer of packages that wants it."""
    found = []
    for path in sorted(LOCKS.rglob("*")):
        name = path.relative_to(LOCKS).as_posix()
        every_one = (
            one for one in load("pratique.analyzers", Analyzer) if one.scanner == "package"
        )
        found += [(name, one) for one in every_one if _wants(one, name)]
    return tuple(found)


def _wants(analyzer: Analyzer, path: str) -> bool:
    is_of_packages = analyzer.scanner == "package"
    return is_of_packages and any(compiled(glob)(path) for glob in analyzer.paths)


def locked(path: str) -> dict[str, Package]:
    """Map `name@version` to the packages of a file below LOCKS."""
    (analyzer,) = [analyzer for name, analyzer in every() if name == path]
    packages = packages_of(analyzer, path, (LOCKS / path).read_bytes())
    found = {f"{package.name}@{package.version}": package for package in packages}
    assert len(found) == len(packages)
    return found
