"""DF-0006: end of life."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.images import ended, shown
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    seen: set[tuple[str, bool]] = set()
    for use in build.images:
        ships = use.is_base and use.stage in build.shipped
        if (use.image, ships) in seen:
            continue
        seen.add((use.image, ships))
        if over := ended(use.image, build.today):
            what = " and ".join(f"{one.what} (since {one.since})" for one in over)
            yield Failure(
                f"{shown(use.image)}: no more fixes for {what}",
                use.instruction.start,
                use.instruction.end,
                "" if ships else "MEDIUM",
            )


check = Check(
    "DF-0006",
    "An image is past its end of life",
    "Nobody fixes what is found in it from now on, however often it is built again.",
    "HIGH",
    "Move to a release that is maintained.",
    _judge,
    (),
    ("https://endoflife.date/",),
)
