"""DF-0004: no tag at all."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.images import reference
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for use in build.images:
        found = reference(use.image)
        is_name = use.is_base or "/" in use.image
        if found and is_name and not found.digest and not use.image.endswith(f":{found.tag}"):
            message = f"{use.image} has neither tag nor digest, which means latest"
            yield Failure(message, use.instruction.start, use.instruction.end)


check = Check(
    "DF-0004",
    "An image is used without tag",
    "Without a tag it is latest, and what that is changes without notice: a build of tomorrow is "
    "not that of today.",
    "MEDIUM",
    "Name a release, best with its digest: image:1.2.3@sha256:….",
    _judge,
    ("DS-0001", "DL3006"),
    ("https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",),
)
