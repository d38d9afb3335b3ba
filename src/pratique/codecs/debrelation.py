"""Relations between Debian packages (Debian Policy 7.1): `a (>= 1) | b, c:any`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct

_RELATION = re.compile(
    r"\s*([a-z0-9][a-z0-9+.-]*)(?::([a-z0-9-]+))?\s*"
    r"(?:\(\s*(<<|<=|=|>=|>>|<|>)\s*([^\s)]+)\s*\))?\s*(?:\[[^]]*\])?\s*(?:<[^>]*>\s*)*",
    re.IGNORECASE,
)
_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "<<": lambda a, b: a < b, "<=": lambda a, b: not b < a, "=": lambda a, b: a == b,
    ">=": lambda a, b: not a < b, ">>": lambda a, b: b < a,
    "<": lambda a, b: not b < a, ">": lambda a, b: not a < b,
}  # fmt: skip


class Relation(Struct, frozen=True, gc=False):
    """A package by its name, perhaps some of its versions alone."""

    name: str
    arch: str = ""
    """What stands behind a colon: `any`, `native`, an architecture."""
    sign: str = ""
    version: str = ""

    def __str__(self) -> str:
        arch = f":{self.arch}" if self.arch else ""
        return f"{self.name}{arch}" + (f" ({self.sign} {self.version})" if self.sign else "")

    def allows(self, version: str, key: Callable[[str], Any]) -> bool:
        """Tell whether a version is one of those; raise ValueError for what is no version."""
        if self.sign == "~":  # Alpine's: any version that begins so
            rest = version[len(self.version) :]
            return version.startswith(self.version) and not rest[:1].isdigit()
        return not self.sign or _HOLDS[self.sign](key(version), key(self.version))


Clause = tuple[Relation, ...]
"""Alternatives, any of which will do."""


def clauses(text: str) -> tuple[Clause, ...]:
    """Return the clauses of a field; raise ValueError for what is no relation."""
    parts = (part for part in text.split(",") if part.strip())
    return tuple(tuple(_relation(one) for one in part.split("|")) for part in parts)


def _relation(text: str) -> Relation:
    match = _RELATION.fullmatch(text)
    if not match:
        raise ValueError(f"{text.strip()[:80]!r} is no relation")
    return Relation(match[1], match[2] or "", match[3] or "", match[4] or "")
