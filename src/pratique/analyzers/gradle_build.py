"""Java packages that a Gradle build script asks for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from posixpath import dirname, join

from pratique.codecs.gradle_build import SCRIPTS, as_pom, asked, read_build
from pratique.codecs.maven_graph import Node, resolve
from pratique.codecs.maven_model import Load, Models
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_LOCKS = ("gradle.lockfile", "gradle/dependency-locks/compileClasspath.lockfile",
          "gradle/dependency-locks/runtimeClasspath.lockfile")  # fmt: skip
_NAMED = 3


def _analyze(file: File) -> Iterator[Package]:
    """Read a script and what it inherits, as text: it is a program, and is not run.

    What platforms and plugins manage, and what all that needs, is read out of ~/.m2 as far as it
    is there (Gradle's own cache has no addresses that can be told). Where the build has locked
    what it uses, the lock file beside is read instead; what the catalog says is read there.
    """
    folder = dirname(file.path)
    if any(file.other(join(folder, lock)) is not None for lock in _LOCKS):
        return

    def load(path: str) -> str | None:
        data = file.read() if path == file.path else file.other(path)
        return None if data is None else data.decode("utf-8", "replace")

    build = read_build(load, file.path)
    known = {one.name: one for one in asked(build)}
    model = _models(file.other).of(as_pom(build), ".m2/repository/build.pom")
    nodes = resolve(model, _models(file.other))
    for node in nodes:
        one = known.get(node.name)
        if one is None or not one.of_catalog:
            yield _package(file.path, node)
    if gaps := "; ".join(_gaps(list(model.missing), nodes)):
        raise MalformedError(gaps, file.path)


def _package(path: str, node: Node) -> Package:
    depends = tuple(dict.fromkeys(f"{one.name}@{one.version}" for one in node.depends))
    return Package(path, "gradle-build", "maven", node.name, node.version, line=node.line,
                   dev=node.dev, relation="direct" if node.direct else "indirect",
                   depends=depends)  # fmt: skip


@lru_cache(maxsize=1)
def _models(load: Load) -> Models:
    return Models(load)


def _gaps(missing: list[str], nodes: list[Node]) -> Iterator[str]:
    if missing:
        yield f"not in ~/.m2: {_list(missing)}"
    if unset := [node.name for node in nodes if not node.version]:
        yield f"{len(unset)} versions are not set: {_list(unset)}"
    unknown = [node.name for node in nodes if node.version and node.unknown]
    if unknown:
        yield f"what these need is not known, for want of their POMs in ~/.m2: {_list(unknown)}"


def _list(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


gradle_build = Analyzer("gradle-build", 1, SCRIPTS, _analyze, reads="locked")
