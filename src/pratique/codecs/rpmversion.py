"""RPM's versions, as rpm-version(7) orders them."""

from __future__ import annotations

import re
from functools import lru_cache

_SEGMENT = re.compile(r"\d+|[A-Za-z]+|[~^]", re.ASCII)
_END = (1,)
_MARKS = {"~": (0,), "^": (2,)}
_Part = tuple[tuple[int | str, ...], ...]


class _Unknown:
    """The release or the epoch of a version that is written without one: equal to every other."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]  # no hash would agree with this


_UNKNOWN = _Unknown()


@lru_cache(maxsize=16384)
def version_key(version: str) -> tuple[int | _Unknown, _Part, _Part | _Unknown]:
    """Return a key for `[epoch:]version[-release]` that sorts as rpm does.

    A missing epoch is 0; one that nobody knows is written `*`, and left out of the comparison. So
    is a missing release, as in dependencies: a list of versions has one order only where all of
    them have a release, or none has. Raises ValueError for what is no version.
    """
    epoch, colon, rest = version.strip().partition(":")
    if not colon:
        epoch, rest = "0", epoch
    name, dash, release = rest.rpartition("-")
    if not dash:
        name, release = rest, ""
    if not name or len(rest.split()) != 1:
        raise ValueError(version)
    if epoch != "*" and not (epoch.isascii() and epoch.isdigit()):
        raise ValueError(version)
    return (
        _UNKNOWN if epoch == "*" else int(epoch),
        _part(name),
        _part(release) if release else _UNKNOWN,
    )


def _part(text: str) -> _Part:
    return (*map(_segment, _SEGMENT.findall(text)), _END)


@lru_cache(maxsize=4096)
def _segment(text: str) -> tuple[int | str, ...]:
    """Return a run that rpmvercmp() compares: `~`, the end, `^`, letters, numbers ascend."""
    if text[0].isdigit():
        return (4, int(text))
    return _MARKS.get(text) or (3, text)
