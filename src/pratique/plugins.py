"""Find the parts of one kind: every record of that kind at the top level of a package's files.

A new analyzer, feed, ecosystem or format is one new file; nothing lists it. Others can add theirs
from outside through an entry point group named like the package (`pratique.analyzers`).
"""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from typing import Protocol, TypeVar


class Part(Protocol):
    @property
    def name(self) -> str: ...


P = TypeVar("P", bound=Part)


@cache
def load(package: str, kind: type[P]) -> tuple[P, ...]:
    """Return the parts of a package, sorted by name; a name that occurs twice is an error."""
    parts: dict[str, P] = {}
    for module in (*_modules(package), *_entry_points(package)):
        for value in vars(import_module(module)).values():
            if isinstance(value, kind) and parts.setdefault(value.name, value) is not value:
                raise ValueError(f"two parts of {package} are named {value.name!r}")
    return tuple(parts[name] for name in sorted(parts))


def from_outside() -> bool:
    """Tell whether parts of other packages are asked for: PRATIQUE_PLUGINS=1.

    Looking for them costs 40 ms of imports, and would run whatever is installed beside us.
    """
    return os.environ.get("PRATIQUE_PLUGINS", "") not in ("", "0")


def _modules(package: str) -> list[str]:
    folder = import_module(package).__path__[0]
    names = {entry.split(".")[0] for entry in os.listdir(folder) if not entry.startswith("_")}
    return [f"{package}.{name}" for name in sorted(names)]


def _entry_points(package: str) -> list[str]:
    if not from_outside():
        return []
    from importlib.metadata import entry_points  # noqa: PLC0415

    return sorted(point.value for point in entry_points(group=package))
