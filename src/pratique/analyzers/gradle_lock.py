"""Java packages that a Gradle build has locked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_LOCKED = re.compile(r"([^\s:=#]+):([^\s:=]+):([^\s:=]+)(?:=(\S*))?")
# testCompileClasspath, integrationTestRuntimeClasspath, debugAndroidTestCompileClasspath
_TEST = re.compile(r"test|.*Test[A-Z]")


def _analyze(file: File) -> Iterator[Package]:
    """Read `gradle.lockfile` (docs.gradle.org, locking dependency versions), or a build script's.

    Each line is a module and the configurations that it is in; before Gradle 7 there was a file
    for each configuration. A module that only tests have is for development. What needs what, and
    what the build itself asks for, is not written down.
    """
    broken = 0
    folder, _, name = file.path.rpartition("/")
    own = name.removesuffix(".lockfile") if folder.endswith("dependency-locks") else ""
    for number, raw in enumerate(file.read().decode("utf-8", "replace").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith(("#", "empty=")):
            continue
        match = _LOCKED.fullmatch(line)
        if match is None:
            broken += 1
            continue
        group, artifact, version, configurations = match.groups()
        yield Package(file.path, "gradle", "maven", f"{group}:{artifact}", version,
                      dev=_is_for_tests(configurations or own), line=number)  # fmt: skip
    if broken:
        raise MalformedError(f"{broken} lines are no locked modules", file.path)


def _is_for_tests(configurations: str) -> bool:
    return bool(configurations) and all(map(_TEST.match, configurations.split(",")))


gradle_lock = Analyzer(
    "gradle", 1, ("*gradle.lockfile", "dependency-locks/*.lockfile"), _analyze, reads="locked"
)
