"""Python's versions and names (PEP 440, PEP 503)."""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.model.ecosystem import Ecosystem

_VERSION = re.compile(
    r"""v?
    (?:(?P<epoch>\d+)!)?
    (?P<release>\d+(?:\.\d+)*)
    (?:[-_.]?(?P<pre>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?P<pre_number>\d*))?
    (?:-(?P<implicit>\d+)|[-_.]?(?P<post>post|rev|r)[-_.]?(?P<post_number>\d*))?
    (?:[-_.]?(?P<dev>dev)[-_.]?(?P<dev_number>\d*))?
    (?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_PRE = {"a": 0, "alpha": 0, "b": 1, "beta": 1, "c": 2, "rc": 2, "pre": 2, "preview": 2}
_ONLY_DEV, _FINAL = (-1, 0), (3, 0)
_Key = tuple[object, ...]


@lru_cache(maxsize=65536)
def version_key(version: str) -> _Key:
    """Return a key that sorts as PEP 440 says; raises ValueError for what is no version."""
    match = _VERSION.fullmatch(version.strip())
    if match is None:
        raise ValueError(version)
    pre, post, dev, local = match["pre"], match["post"], match["dev"], match["local"]
    is_post = bool(post) or match["implicit"] is not None
    release = [int(number) for number in match["release"].split(".")]
    while len(release) > 1 and release[-1] == 0:
        release.pop()
    if pre:
        stage = (_PRE[pre.lower()], int(match["pre_number"] or 0))
    else:
        stage = _ONLY_DEV if dev and not is_post else _FINAL
    return (
        int(match["epoch"] or 0),
        tuple(release),
        stage,
        int(match["implicit"] or match["post_number"] or 0) if is_post else -1,
        (0, int(match["dev_number"] or 0)) if dev else (1, 0),
        _local(local) if local else (),
    )


def _local(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a local version's key: numbers after words."""
    parts = re.split(r"[-_.]", text.lower())
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts)


def canonical(name: str) -> str:
    """Return a project's normalized name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


pypi = Ecosystem("PyPI", "pypi", version_key, canonical)
