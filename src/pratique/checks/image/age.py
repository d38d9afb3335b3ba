"""IMG-0044: the image was built long ago (CIS Docker Benchmark 4.4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_OLD, _VERY_OLD = 180, 540
_FIRST = "1990"
"""What was built to be reproducible states a date before it, and tells nothing of its age."""


def _judge(image: BuiltImage) -> Iterator[Failure]:
    built = image.created[:10]
    if built < _FIRST:
        return
    try:
        days = (date.fromisoformat(image.today) - date.fromisoformat(built)).days
    except ValueError:
        return
    if days > _OLD:
        yield Failure(
            f"built {days} days ago, on {built}", severity="MEDIUM" if days > _VERY_OLD else ""
        )


check = Check(
    "IMG-0044",
    "Image built long ago",
    "The fixes that its distribution published since are not in it. An image is renewed by "
    "building it again, not while it runs.",
    "LOW",
    "Build again on a current base image, without the cache; best every week.",
    _judge,
    ("CIS-4.4",),
)
