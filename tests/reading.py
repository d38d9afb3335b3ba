"""Let an analyzer read bytes, for tests that look at the packages it finds."""

from __future__ import annotations

from collections.abc import Mapping

from memory import MemoryFile
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.inventory import Package


def packages_of(analyzer: Analyzer, path: str, data: bytes) -> list[Package]:
    """Give the packages of a file that is well formed."""
    packages, error = read_as_far_as_possible(analyzer, path, data)
    assert error == ""
    return packages


def read_as_far_as_possible(
    analyzer: Analyzer, path: str, data: bytes, others: Mapping[str, bytes] | None = None
) -> tuple[list[Package], str]:
    """Give the packages that come before a MalformedError, and what that says."""
    packages: list[Package] = []
    try:
        for fact in analyzer.analyze(MemoryFile(path, data, others)):
            assert isinstance(fact, Package)
            packages.append(fact)
    except MalformedError as error:
        return packages, error.reason
    return packages, ""


def versions_of(packages: list[Package]) -> dict[str, str]:
    """Map names to versions, for files that name each package once."""
    return {package.name: package.version for package in packages}
