"""IMG-0045: the base image was old already when this was built upon it (CIS Benchmark 4.4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_STALE = 120
_FIRST = "1990"


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """The first layer of the history is the base's, and tells when that was made."""
    dates = [step.created[:10] for step in image.steps if step.created[:10] > _FIRST]
    if len(dates) < 2 or not image.steps or image.steps[0].created[:10] <= _FIRST:
        return
    try:
        days = (date.fromisoformat(max(dates)) - date.fromisoformat(dates[0])).days
    except ValueError:
        return
    if days > _STALE:
        yield Failure(f"its base is of {dates[0]}, {days} days before it was built", layer=0)


check = Check(
    "IMG-0045",
    "Built on an old base image",
    "Building again does not help while the base stays the same: its fixes are missing from the "
    "start.",
    "MEDIUM",
    "Pull the base image again (docker build --pull), or name a newer one.",
    _judge,
    ("CIS-4.4",),
)
