"""Python's versions and names (PEP 440, PEP 503)."""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem

_VERSION = re.compile(
    r"""v?
    (?:(\d+)!)?
    (\d+(?:\.\d+)*)
    (?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d*))?
    (?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?
    (?:[-_.]?(dev)[-_.]?(\d*))?
    (?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_OLD = re.compile(r"v?\d\S*", re.ASCII)
_OLD_PART = re.compile(r"\d+|[a-z]+", re.ASCII)
_PRE = {"a": 0, "alpha": 0, "b": 1, "beta": 1, "c": 2, "rc": 2, "pre": 2, "preview": 2}
_ONLY_DEV, _FINAL = (-1, 0), (3, 0)
_NO_POST, _NO_DEV = -1, (1, 0)
_Part = tuple[int, int | str]
_Key = tuple[int, tuple[int, ...], _Part, int, _Part, tuple[_Part, ...]]
_OldKey = tuple[int, tuple[_Part, ...]]


@lru_cache(maxsize=16384)
def version_key(version: str) -> _Key | _OldKey:
    """Return a key that sorts as PEP 440 says; raises ValueError for what is no version.

    What begins with a number and is older than PEP 440 (`0.1-bulbasaur`) comes before all others,
    as it does for setuptools, pip and OSV.
    """
    text = version.strip()
    match = _VERSION.fullmatch(text)
    if match is None:
        if not _OLD.fullmatch(text):
            raise ValueError(version)
        return -1, tuple(map(_part, _OLD_PART.findall(text.lower())))
    epoch, release, pre, pre_number, implicit, post, post_number, dev, dev_number, local = (
        match.groups()
    )
    is_post = bool(post or implicit)
    if pre:
        stage = (_PRE[pre.lower()], int(pre_number or 0))
    else:
        stage = _ONLY_DEV if dev and not is_post else _FINAL
    return (
        int(epoch or 0),
        _release(release),
        stage,
        int(implicit or post_number or 0) if is_post else _NO_POST,
        (0, int(dev_number or 0)) if dev else _NO_DEV,
        tuple(map(_part, re.split(r"[-_.]", local.lower()))) if local else (),
    )


def _release(text: str) -> tuple[int, ...]:
    """Return the numbers without zeros at the end: 1 is 1.0."""
    numbers = [int(number) for number in text.split(".")]
    while numbers[-1] == 0 and len(numbers) > 1:
        numbers.pop()
    return tuple(numbers)


def _part(text: str) -> _Part:
    """Return a part of a local version: numbers come after words."""
    return (1, int(text)) if text.isdigit() else (0, text)


def canonical(name: str) -> str:
    """Return a project's normalized name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


pypi = Ecosystem("PyPI", "pypi", version_key, canonical)
