"""What a Maven project depends on in the end, as far as POMs are at hand.

https://maven.apache.org/guides/introduction/introduction-to-dependency-mechanism.html: the nearest
wins, then the first; the project's own management rules over all.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable

from msgspec import Struct

from pratique.codecs.maven_model import Model, Models
from pratique.codecs.maven_pom import Dependency

_EXACT = re.compile(r"\[([^\[\](),]+)\]")
# a range, a word for the newest, a mark that a build replaces
_OPEN = re.compile(r"[\[(@]|.*\$\{|LATEST$|RELEASE$")
_AT_RUN_TIME = ("", "compile", "runtime")
_LARGEST, _PENDING = 10_000, 100_000


class Node(Struct):
    """An artifact that a project needs."""

    name: str
    version: str
    """Empty where nothing at hand tells it."""
    direct: bool
    dev: bool
    line: int = 0
    depends: list[Node] = []
    unknown: bool = False
    """Whether what it needs itself is not known, its POM not being at hand."""


class _Asked(Struct):
    dependency: Dependency
    by: Node | None
    excluded: frozenset[str]
    dev: bool


def resolve(project: Model, models: Models) -> list[Node]:
    """Return what a project needs at run time, then what its tests need besides."""
    chosen: dict[tuple[str, str, str], Node] = {}
    pending: deque[_Asked] = deque()
    for scopes, dev in ((_AT_RUN_TIME, False), (("test",), True)):
        pending += (
            _Asked(one, None, frozenset(one.exclusions), dev)
            for one in project.dependencies
            if one.fields.get("scope", "") in scopes
        )
        while pending and len(chosen) < _LARGEST:
            asked = pending.popleft()
            known = chosen.get(asked.dependency.key)
            node = known or _node(asked, models)
            if asked.by:
                asked.by.depends.append(node)
            if known is None and _is_named(node.name):
                chosen[asked.dependency.key] = node
                node.unknown = len(pending) > _PENDING
                if not node.unknown:
                    pending += _needed_by(node, asked, project, models)
    for asked in pending:  # beyond the bound
        if asked.by:
            asked.by.unknown = True
    return list(chosen.values())


def _node(asked: _Asked, models: Models) -> Node:
    one = asked.dependency
    stated = one.fields.get("version", "")
    version = exact(stated) or models.newest(one.name, stated)
    return Node(one.name, version, asked.by is None, asked.dev, one.line, [])


def exact(version: str) -> str:
    """Return a version that says which one it is; empty for ranges and what is not replaced."""
    found = _EXACT.fullmatch(version)
    version = found[1] if found else version
    return "" if _OPEN.match(version) else version


def _is_named(name: str) -> bool:
    return "${" not in name and not name.startswith(":") and not name.endswith(":")


def _needed_by(node: Node, asked: _Asked, project: Model, models: Models) -> Iterable[_Asked]:
    model = models.released(node.name, node.version) if node.version else None
    node.unknown = model is None
    for one in model.dependencies if model else ():
        dependency = _ruled(one, project)
        if (
            dependency.fields.get("scope", "") in _AT_RUN_TIME
            and dependency.fields.get("optional") != "true"
            and not _is_excluded(dependency.name, asked.excluded)
        ):
            excluded = asked.excluded | frozenset(dependency.exclusions)
            yield _Asked(dependency, node, excluded, asked.dev)


def _ruled(one: Dependency, project: Model) -> Dependency:
    """Return a dependency of a dependency as the project manages it, whatever its own POM says."""
    rule = project.managed.get(one.key)
    if rule is None:
        return one
    stated = {key: rule.fields[key] for key in ("version", "scope") if rule.fields.get(key)}
    return Dependency(one.fields | stated, one.exclusions + rule.exclusions)


def _is_excluded(name: str, excluded: frozenset[str]) -> bool:
    group, _, artifact = name.partition(":")
    return not excluded.isdisjoint((name, f"{group}:*", f"*:{artifact}", "*:*"))
