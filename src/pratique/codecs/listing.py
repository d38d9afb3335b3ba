"""Name some of many things in a sentence."""

from __future__ import annotations

from collections.abc import Iterable

_MOST = 5


def listed(names: Iterable[str], most: int = _MOST) -> str:
    """Return `a, b, c and 12 more`, each name once, in the order given."""
    unique = list(dict.fromkeys(names))
    if len(unique) <= most:
        return ", ".join(unique)
    return f"{', '.join(unique[:most])} and {len(unique) - most} more"


def counted(count: int, one: str, many: str = "") -> str:
    """Return `1 file`, `3 files`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def size_of(count: int) -> str:
    """Return bytes in MB, as registries count them."""
    return f"{count / 1e6:.0f} MB" if count >= 10_000_000 else f"{count / 1e6:.1f} MB"
