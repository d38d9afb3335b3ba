"""IMG-0046: nothing tells when the image was built."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """A date long past is stated on purpose, by builds that can be reproduced."""
    if image.config is not None and not image.created:
        yield Failure("its configuration states no date")


check = Check(
    "IMG-0046",
    "No date of the build",
    "Whether it is time to build it again cannot be told.",
    "LOW",
    "Use a builder that states the date, or SOURCE_DATE_EPOCH.",
    _judge,
)
