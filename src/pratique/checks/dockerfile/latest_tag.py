"""DF-0003: latest."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.images import reference
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for use in build.images:
        found = reference(use.image)
        if found and not found.digest and use.image.endswith(":latest"):
            message = f"{use.image} is another image whenever its publisher releases one"
            yield Failure(message, use.instruction.start, use.instruction.end)


check = Check(
    "DF-0003",
    "An image is used by its tag latest",
    "What latest is changes without notice: a build of tomorrow is not that of today, and nobody "
    "can tell which release is in it.",
    "MEDIUM",
    "Name a release, best with its digest: image:1.2.3@sha256:….",
    _judge,
    ("DS-0001", "DL3007"),
    ("https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",),
)
