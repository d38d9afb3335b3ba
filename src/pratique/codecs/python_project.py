"""What a Python project asks for: pyproject.toml beside a lock file.

https://packaging.python.org/en/latest/specifications/pyproject-toml/, dependency groups (PEP 735),
and the tables of Poetry (python-poetry.org/docs/pyproject) and PDM (pdm-project.org).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce

from msgspec import Struct

from pratique.codecs import tomltext
from pratique.codecs.requirement import normalized, required_name
from pratique.errors import MalformedError


class Asked(Struct, frozen=True):
    """Normalized names of what a project asks for itself."""

    run: frozenset[str] = frozenset()
    """To run, extras included."""
    groups: frozenset[str] = frozenset()
    """The names of its groups for development."""
    dev: frozenset[str] = frozenset()
    """What these groups ask for."""

    @property
    def all(self) -> frozenset[str]:
        return self.run | self.dev


def read_project(data: bytes | None) -> Asked:
    """Return what a pyproject.toml asks for; nothing where there is none that can be read."""
    try:
        document = tomltext.decode((data or b"").decode("utf-8-sig", "replace"), dict, "")
    except MalformedError:
        return Asked()
    project, tools = _table(document, "project"), _table(document, "tool")
    poetry, pdm = _table(tools, "poetry"), _table(tools, "pdm")
    in_poetry = _table(poetry, "group")
    groups: tuple[dict[str, object], ...] = (
        {name: _table(group, "dependencies") for name, group in in_poetry.items()},
        _table(document, "dependency-groups"),
        _table(pdm, "dev-dependencies"),
        {"dev": _table(poetry, "dev-dependencies")},
    )
    run = [
        *_names(project.get("dependencies")),
        *_each(_table(project, "optional-dependencies")),
        *_names(_table(poetry, "dependencies")),
        *_names(groups[0].pop("main", None)),
    ]
    names = frozenset(name for group in groups for name in group)
    dev = frozenset(need for group in groups for need in _each(group))
    return Asked(frozenset(run) - {"python"}, names, dev)


def read_pipfile(data: bytes | None) -> Asked:
    """Return what a Pipfile (pipenv.pypa.io) asks for."""
    try:
        document = tomltext.decode((data or b"").decode("utf-8-sig", "replace"), dict, "")
    except MalformedError:
        return Asked()
    run, dev = (_names(_table(document, key)) for key in ("packages", "dev-packages"))
    return Asked(frozenset(run), frozenset(), frozenset(dev))


def _table(document: object, *keys: str) -> dict[str, object]:
    found = reduce(lambda at, key: at.get(key) if isinstance(at, dict) else None, keys, document)
    return found if isinstance(found, dict) else {}


def _each(groups: dict[str, object]) -> Iterator[str]:
    for group in groups.values():
        yield from _names(group)


def _names(group: object) -> Iterator[str]:
    """Yield the names in a list of requirements, or in a table by name."""
    if isinstance(group, dict):
        yield from (normalized(name) for name in group)
    elif isinstance(group, list):
        yield from filter(None, map(required_name, _texts(group)))


def _texts(values: Iterable[object]) -> Iterator[str]:
    # what is no text includes another group, whose own names count
    yield from (value for value in values if isinstance(value, str))
