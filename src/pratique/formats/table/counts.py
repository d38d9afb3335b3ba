"""How many of each severity, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pratique.model.advisory import SEVERITIES
from pratique.model.misconfiguration import Misconfiguration
from pratique.model.secret import Secret


def counted(some: Iterable[Misconfiguration | Secret]) -> str:
    """Return `3 CRITICAL, 4 HIGH`; nothing where there is none."""
    counts = Counter(one.severity for one in some)
    return ", ".join(f"{counts[name]} {name}" for name in reversed(SEVERITIES) if counts[name])
