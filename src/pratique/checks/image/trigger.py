"""IMG-0050: instructions that run in the builds of others."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.listing import listed
from pratique.codecs.secret_names import masked
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    if triggers := image.texts("OnBuild"):
        yield Failure(f"ONBUILD {listed((masked(one)[:60] for one in triggers), 3)}")


check = Check(
    "IMG-0050",
    "Instructions for the builds of others",
    "They run in every build on this image, and no Dockerfile of those shows them.",
    "LOW",
    "Leave ONBUILD out, and write the steps where they are needed.",
    _judge,
)
