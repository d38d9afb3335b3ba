"""Ranges of versions as package.json has them (https://github.com/npm/node-semver#ranges)."""

from __future__ import annotations

import re

_Triple = tuple[int, int, int]
_Bounds = tuple[_Triple, _Triple]
"""From the first on, and before the second."""
_END = (1 << 62, 0, 0)
_PART = r"v?=?\s*(\d+|[xX*])(?:\.(\d+|[xX*])(?:\.(\d+|[xX*])(?:[-+][\w.+-]*)?)?)?"
_COMPARATOR = re.compile(rf"\s*(\^|~>?|>=|<=|>|<|=)?\s*{_PART}\s*")
_HYPHEN = re.compile(rf"\s*{_PART}\s+-\s+{_PART}\s*")
_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)(?:\+[\w.-]*)?")


def allows(written: str, version: str) -> bool:
    """Tell whether a range allows a finished version; what is no range or version does not."""
    found = _VERSION.fullmatch(version)
    if not found:
        return False
    at = (int(found[1]), int(found[2]), int(found[3]))
    return any(_holds(one, at) for one in written.split("||"))


def _holds(written: str, at: _Triple) -> bool:
    if not written.strip() or written.strip() == "latest":
        return written.strip() == ""
    if hyphen := _HYPHEN.fullmatch(written):
        low, high = _span(hyphen.groups()[:3])[0], _span(hyphen.groups()[3:])[1]
        return low <= at < high
    place = 0
    while place < len(written):
        match = _COMPARATOR.match(written, place)
        if not match:
            return False
        low, high = _bounds(match[1] or "", _span(match.groups()[1:]), match.groups()[1:])
        if not low <= at < high:
            return False
        place = match.end()
    return True


def _span(parts: tuple[str | None, ...]) -> _Bounds:
    """Return what a version covers: all that begin so, where it is not written in full."""
    numbers: list[int] = []
    for part in parts:
        if part is None or not part.isdigit():
            break
        numbers.append(int(part))
    if not numbers:
        return (0, 0, 0), _END
    low = (*numbers, 0, 0)[:3]
    high = (*numbers[:-1], numbers[-1] + 1, 0, 0)[:3]
    return (low[0], low[1], low[2]), (high[0], high[1], high[2])


def _bounds(sign: str, span: _Bounds, parts: tuple[str | None, ...]) -> _Bounds:
    low, high = span
    if high == _END:  # below or above of any is none
        return (low, low) if sign in ("<", ">") else span
    known = sum(part is not None and part.isdigit() for part in parts)
    if sign.startswith("~"):
        return low, (low[0] + 1, 0, 0) if known == 1 else (low[0], low[1] + 1, 0)
    if sign == "^":
        if low[0] or known == 1:
            return low, (low[0] + 1, 0, 0)
        if low[1] or known == 2:
            return low, (0, low[1] + 1, 0)
        return low, (0, 0, low[2] + 1)
    bounds = {">=": (low, _END), ">": (high, _END), "<": ((0, 0, 0), low), "<=": ((0, 0, 0), high)}
    return bounds.get(sign, span)
