"""A Compose file and its services, as checks are given them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from msgspec import Struct

from pratique.codecs.compose.merging import as_map
from pratique.codecs.compose.mounts import Mount, mount_of
from pratique.codecs.compose.ports import Port, ports_of
from pratique.codecs.located_values import List, Map, Span, Value
from pratique.model.check import Failure

NOWHERE = Span(0, 0)


class Setting(Struct, frozen=True, gc=False):
    """A value with its name and its lines."""

    name: str
    value: str
    span: Span


class Project(Struct, frozen=True):
    """A Compose file as a whole."""

    path: str
    top: Map
    read: Callable[[str], str | None]
    """Gives the text of a file beside it, by its path from this one; None where there is none."""
    on_disk: bool = False
    """Whether all of the project can be read, and not this file alone."""

    def members(self, section: str) -> Iterator[tuple[str, Map]]:
        """Yield what is declared at the top level: volumes, secrets, configs."""
        declared = self.top.get(section)
        for name, value in declared.items() if isinstance(declared, Map) else ():
            if isinstance(value, Map):
                yield name, value

    def driver_options(self) -> Iterator[tuple[str, Map]]:
        """Yield the volumes that have options for their driver, with these."""
        for name, value in self.members("volumes"):
            if isinstance(options := value.get("driver_opts"), Map):
                yield name, options


class Service(Struct, frozen=True):
    """One service of a Compose file."""

    name: str
    own: Map
    """What this file says of it, variables resolved by their defaults."""
    whole: Map
    """The same with what it extends and what the override file says."""
    span: Span
    """The line that names it."""
    project: Project
    complete: bool
    """Whether this is the service and not a part of it for another file: what is absent counts."""

    def get(self, *keys: str) -> Value:
        """Return what this file says under some nested keys."""
        return _within(self.own, keys)

    def has(self, *keys: str) -> bool:
        """Tell whether anything is said under some nested keys, here or in other files."""
        return _within(self.whole, keys) is not None

    def says(self, *keys: str) -> Value:
        """Return what is said under some nested keys, here or in other files."""
        return _within(self.whole, keys)

    def span_of(self, *keys: str) -> Span:
        """Return the lines of a key with its value; those of the service's name without one."""
        parent = _within(self.own, keys[:-1])
        return parent.spans.get(keys[-1], self.span) if isinstance(parent, Map) else self.span

    def items(self, *keys: str) -> Iterator[tuple[str, Span]]:
        """Yield the texts of a list, or a text alone, with their lines."""
        value = self.get(*keys)
        if isinstance(value, List):
            for item, span in zip(value, value.spans, strict=True):
                if item is not None and not isinstance(item, Map | List):
                    yield str(item), span
        elif value is not None and not isinstance(value, Map):
            yield str(value), self.span_of(*keys)

    def settings(self, *keys: str) -> Iterator[Setting]:
        """Yield the members of a mapping, or of a list of `NAME=value`, that have a value."""
        value = as_map(self.get(*keys))
        for name, given in value.items():
            if given is not None and not isinstance(given, Map | List):
                yield Setting(name, _text(given), value.spans.get(name, self.span))

    def mounts(self) -> Iterator[tuple[Mount, Span]]:
        """Yield what is mounted, in either way of writing it."""
        return self._each("volumes", mount_of)

    def ports(self) -> Iterator[tuple[Port, Span]]:
        """Yield the ports that are published on the host."""
        for found, span in self._each("ports", ports_of):
            yield from ((port, span) for port in found)

    def _each(self, key: str, read: Callable[[Value], _R | None]) -> Iterator[tuple[_R, Span]]:
        value = self.get(key)
        if isinstance(value, List):
            for item, span in zip(value, value.spans, strict=True):
                if (found := read(item)) is not None:
                    yield found, span

    @property
    def image(self) -> str:
        value = self.get("image")
        return value if isinstance(value, str) else ""


_R = TypeVar("_R")


def of_service(
    judge: Callable[[Service], Iterator[Failure]],
) -> Callable[[Any], Iterator[Failure]]:
    """Return a check's function that passes over the file as a whole."""
    return lambda subject: judge(subject) if isinstance(subject, Service) else iter(())


def of_project(
    judge: Callable[[Project], Iterator[Failure]],
) -> Callable[[Any], Iterator[Failure]]:
    """Return a check's function that passes over the services."""
    return lambda subject: judge(subject) if isinstance(subject, Project) else iter(())


def _within(value: Value, keys: tuple[str, ...]) -> Value:
    for key in keys:
        if not isinstance(value, Map):
            return None
        value = value.get(key)
    return value


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
