"""Ranges of versions as pyproject.toml has them: PEP 440's, and Poetry's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_VERSION = r"\*|\d[\w+!-]*(?:\.\w[\w+!-]*)*(?:\.\*)?"
_CLAUSE = re.compile(rf"\s*(===|==|~=|!=|<=|>=|<|>|\^|~|)\s*v?({_VERSION})\s*")
_Key = Callable[[str], Any]


def allows(written: str, version: str, key: _Key) -> bool:
    """Tell whether a range has a version; one that is not understood has none."""
    clauses = _clauses(written, key)
    return clauses is not None and all(_has(op, bound, version, key) for op, bound in clauses)


def moved(written: str, version: str, key: _Key) -> str:
    """Return a range in the same style that begins with a version, empty where that is unclear."""
    clauses = _clauses(written, key)
    if clauses is None:
        return ""
    result, position = "", 0
    for match in _CLAUSE.finditer(written):
        start, end = match.span(2)
        result += written[position:start] + _moved(match[1], match[2], version, key)
        position = end
    return result + written[position:]


def _clauses(written: str, key: _Key) -> list[tuple[str, str]] | None:
    """Return operators and bounds; None where anything is no version."""
    clauses = []
    for part in written.split(","):
        if not (match := _CLAUSE.fullmatch(part)):
            return None
        try:
            key(match[2].removesuffix(".*") if match[2] != "*" else "0")
        except ValueError:
            return None
        clauses.append((match[1], match[2]))
    return clauses


def _has(op: str, bound: str, version: str, key: _Key) -> bool:
    if bound == "*":
        return True
    if bound.endswith(".*"):
        is_within = f"{version}.".startswith(bound[:-1])
        return is_within if op in ("==", "") else op == "!=" and not is_within
    low, own = key(bound), key(version)
    if op in ("^", "~", "~="):
        return not own < low and own < key(_end(op, bound))
    holds = {"<": own < low, "<=": own <= low, ">": own > low, ">=": own >= low, "!=": own != low}
    return bool(holds.get(op, own == low))


def _end(op: str, bound: str) -> str:
    """Return the version that ends a range which begins with another."""
    numbers = [int(n[:12]) for n in re.findall(r"\d+", bound)[:3]]
    if op == "~=":
        at = max(len(numbers) - 2, 0)
    elif op == "~":
        at = min(len(numbers) - 1, 1)
    else:
        at = next((n for n, number in enumerate(numbers) if number), len(numbers) - 1)
    return ".".join(map(str, [*numbers[:at], numbers[at] + 1]))


def _moved(op: str, bound: str, version: str, key: _Key) -> str:
    if bound == "*" or op == "!=":
        return bound
    if bound.endswith(".*"):
        parts = bound.split(".")
        return ".".join([*version.split(".")[: len(parts) - 1], "*"])
    if op in ("<", "<="):
        if _has(op, bound, version, key):
            return bound
        return _above(bound, version) if op == "<" else version
    if op == "~=":
        return ".".join(version.split(".")[: max(bound.count(".") + 1, 2)])
    return version


def _above(bound: str, version: str) -> str:
    """Return the first version of the next series, counted as a bound counts: 4.0 is a major."""
    numbers = re.findall(r"\d+", bound)
    at = max([n for n, number in enumerate(numbers) if int(number[:12])], default=0)
    own = [int(n[:12]) for n in re.findall(r"\d+", version)[: at + 1]]
    own += [0] * (at + 1 - len(own))
    own[at] += 1
    return ".".join(map(str, own + [0] * (len(numbers) - len(own))))
