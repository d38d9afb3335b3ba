"""Understand tags of base images: versions, suites, variants and dates in them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBERS = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)+)(?![\w.])")
_DATE = re.compile(r"(?<!\d)(20\d\d)([-.]?)(\d\d)(\2)(\d\d)(?:\.\d+)?(?!\d)")
# of these two numbers name a release in full, and the first alone is its series
_TWO = ("library/debian",)


def newest(tag: str, tags: Iterable[str], repository: str = "") -> str:
    """Return the newest tag of the same series and variant; empty where there is none newer.

    3.9.1-slim is followed by 3.9.2-slim, bookworm-20230109 by bookworm-20240211. A tag of a whole
    series (3.9, bookworm, latest) moves by itself and is followed by none.
    """
    own = _parts(tag, repository)
    if not own:
        return ""
    shape, order = own
    found = [(o, one) for one in tags if (p := _parts(one, repository)) and p[0] == shape
             for o in [p[1]]]  # fmt: skip
    best = max(found, default=None)
    return best[1] if best and best[0] > order else ""


def _parts(tag: str, repository: str) -> tuple[str, tuple[int, ...]] | None:
    """Return what must stay the same, and what is compared; None for a tag of a series."""
    if date := _DATE.search(tag):
        shape = f"{tag[: date.start()]}<date{date[2]}>{tag[date.end() :]}"
        return shape, tuple(map(int, re.findall(r"\d+", date[0])))
    found = _NUMBERS.search(tag)
    if not found or len(found[1]) > 60:
        return None
    numbers = tuple(map(int, found[1].split(".")))
    least = 2 if repository in _TWO else 3
    if len(numbers) < least:
        return None
    kept = numbers[: least - 1]
    return f"{tag[: found.start(1)]}<{kept}:{len(numbers)}>{tag[found.end(1) :]}", numbers
