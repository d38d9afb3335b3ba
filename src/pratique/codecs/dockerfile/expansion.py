"""Variables in a Dockerfile: https://docs.docker.com/reference/dockerfile/#environment-replacement."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from typing import Protocol

_VARIABLE = re.compile(
    r"\\\$|\$([A-Za-z_][A-Za-z0-9_]*)"
    r"|\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+?])((?:[^{}$]|\$\{[^{}$]*\}|\$)*))?\}"
)
_DEEPEST = 5
_LONGEST = 1 << 15


class Values(Protocol):
    def get(self, name: str, /) -> str | None:
        """Return a variable's value; None where it has none."""


class History:
    """The values that the variables of a stage have, instruction by instruction."""

    def __init__(self, inherited: History | None = None) -> None:
        last = inherited.last() if inherited else {}
        self._values = {name: ([-1], [value]) for name, value in last.items()}

    def add(self, at: int, name: str, value: str) -> None:
        """Note the value that a variable has after an instruction; one that is huge is not kept."""
        places, values = self._values.setdefault(name, ([], []))
        places.append(at)
        values.append(value if len(value) <= _LONGEST else "")

    def last(self) -> dict[str, str]:
        """Return the values that they have in the end."""
        return {name: values[-1] for name, (_, values) in self._values.items()}

    def before(self, at: int) -> Scope:
        """Return what an instruction sees."""
        return Scope(self._values, at)


class Scope:
    """Variables as one instruction sees them."""

    def __init__(self, values: Mapping[str, tuple[list[int], list[str]]], at: int) -> None:
        self._values = values
        self._at = at

    def get(self, name: str, /) -> str | None:
        places, values = self._values.get(name, ((), ()))
        found = bisect_right(places, self._at - 1)
        return values[found - 1] if found else None


def expand(text: str, variables: Values, depth: int = 0) -> str:
    """Return a text with its variables replaced; those that are not known stay as they are.

    `${x:-default}`, `${x:+other}` and `${x:?message}` with and without the colon are understood;
    patterns (`${x#…}`, `${x/…}`) are not, and stay.
    """
    if "$" not in text or depth > _DEEPEST:
        return text

    def value(match: re.Match[str]) -> str:
        if match[0] == "\\$":
            return match[0]
        found = variables.get(match[1] or match[2])
        operator, word = match[3] or "", match[4] or ""
        is_set = found is not None and (bool(found) or not operator.startswith(":"))
        if operator.endswith("+"):
            return expand(word, variables, depth + 1) if is_set else ""
        if operator.endswith("-") and not is_set:
            return expand(word, variables, depth + 1)
        return match[0] if found is None else found

    return _VARIABLE.sub(value, text)
