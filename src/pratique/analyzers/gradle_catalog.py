"""Java packages that a Gradle version catalog offers to the projects of a build."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.gradle_catalog import read_catalog
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


def _analyze(file: File) -> Iterator[Package]:
    """Read a catalog.

    It says what a build may use and in which version, not what that pulls in. Plugins are for
    development, as the artifacts that Gradle finds them by. Where the build has locked what it
    uses, the lock file beside is read instead. An empty version is left to a platform.
    """
    if file.other(f"{file.path.rpartition('gradle/')[0]}gradle.lockfile") is not None:
        return
    catalog = read_catalog(file.read().decode("utf-8", "replace"), file.path)
    for one in catalog.libraries.values():
        yield _package(file.path, one.name, one.version, one.line, dev=False)
    for one in catalog.plugins.values():
        marker = f"{one.name}:{one.name}.gradle.plugin"
        yield _package(file.path, marker, one.version, one.line, dev=True)


def _package(path: str, name: str, version: str, line: int, *, dev: bool) -> Package:
    return Package(path, "gradle-catalog", "maven", name, version, dev=dev, line=line,
                   relation="direct")  # fmt: skip


gradle_catalog = Analyzer(
    "gradle-catalog", 2, ("gradle/*.versions.toml",), _analyze, reads="locked"
)
