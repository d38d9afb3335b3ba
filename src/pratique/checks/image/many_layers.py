"""IMG-0040: so many layers that engines come to their limit."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_MANY = 60
"""overlay2 stacks 128 at most; an image that others build on needs room."""


def _judge(image: BuiltImage) -> Iterator[Failure]:
    if image.layers > _MANY:
        yield Failure(f"{image.layers} layers")


check = Check(
    "IMG-0040",
    "Very many layers",
    "Pulling and starting take longer with each, and an engine stacks 128 at most.",
    "LOW",
    "Join steps that belong together, or copy the result into a last stage.",
    _judge,
)
