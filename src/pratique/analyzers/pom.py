"""Java packages that a Maven project asks for: its pom.xml."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pratique.codecs.maven_graph import Node, exact, resolve
from pratique.codecs.maven_model import Load, Model, Models
from pratique.codecs.maven_pom import read_pom
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_NAMED = 3


def _analyze(file: File) -> Iterator[Package]:
    """Read a project with its parents and BOMs out of the tree or the local repository, ~/.m2.

    What its dependencies need is read there, too. The error at the end says what is missing: a
    parent or BOM, versions that nothing at hand sets (of a range, Maven takes the newest that
    there is), POMs of dependencies. Of profiles those count that are active by default. What is
    `provided` or `system` is not the project's, and what tests need is for development.
    """
    models = _models(file.other)
    project = models.of(read_pom(file.read(), file.path), file.path)
    nodes = resolve(project, models)
    # projects below src/it are the integration tests of a Maven plugin
    dev = "/src/it/" in f"/{file.path}"
    if all(project.name.partition(":")[::2]) and "${" not in project.name:
        yield Package(file.path, "pom", "maven", project.name, exact(project.version), dev=dev,
                      licenses=tuple(dict.fromkeys(project.licenses)), relation="root",
                      depends=_depends(node for node in nodes if node.direct))  # fmt: skip
    given: set[tuple[str, str]] = set()
    for node in nodes:
        if (node.name, node.version) not in given:  # once for all its classifiers
            given.add((node.name, node.version))
            yield Package(file.path, "pom", "maven", node.name, node.version, line=node.line,
                          dev=dev or node.dev, relation="direct" if node.direct else "indirect",
                          depends=_depends(node.depends))  # fmt: skip
    if gaps := "; ".join(_gaps(project, nodes)):
        raise MalformedError(gaps, file.path)


@lru_cache(maxsize=1)
def _models(load: Load) -> Models:
    # one for all modules of a tree
    return Models(load)


def _depends(nodes: Iterator[Node] | list[Node]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{node.name}@{node.version}" for node in nodes))


def _gaps(project: Model, nodes: list[Node]) -> Iterator[str]:
    if project.missing:
        yield f"not in the tree nor in ~/.m2: {_list(list(project.missing))}"
    unset = [node.name for node in nodes if not node.version]
    unset += [project.name] * (not exact(project.version))
    if unset:
        yield f"{len(unset)} versions are not set: {_list(unset)}"
    unknown = [node.name for node in nodes if node.version and node.unknown]
    if unknown:
        yield f"what these need is not known, for want of their POMs in ~/.m2: {_list(unknown)}"


def _list(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


pom = Analyzer("pom", 2, ("pom.xml",), _analyze, reads="locked")
