"""IMG-0019: the history of the source code was copied in."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    for trace in image.of("repository"):
        yield Failure(f"/{trace.detail} is a repository with its history", layer=trace.layer)


check = Check(
    "IMG-0019",
    "Version control in the image",
    "It holds every version of every file, also of those that were deleted for a reason, and often "
    "the credentials of its remote.",
    "HIGH",
    "Name .git in .dockerignore, or copy what is needed instead of `.`.",
    _judge,
    (),
    ("https://docs.docker.com/build/concepts/context/#dockerignore-files",),
)
