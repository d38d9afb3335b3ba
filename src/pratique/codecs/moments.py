"""Times as reports and advisories write them: RFC 3339, in UTC."""

from __future__ import annotations

import time
from calendar import timegm

_DAY = 86_400


def days_between(before: str, after: str) -> float:
    """Return the days from one RFC 3339 time to another; raise ValueError for what is none."""
    return (_seconds(after) - _seconds(before)) / _DAY


def _seconds(moment: str) -> int:
    return timegm(time.strptime(moment[:19], "%Y-%m-%dT%H:%M:%S"))
