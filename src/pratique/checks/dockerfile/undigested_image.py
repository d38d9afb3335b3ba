"""DF-0005: no digest."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.images import reference
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    stage = list(build.final.lineage)[-1]
    found = reference(stage.base)
    if (
        found
        and not found.digest
        and stage.base.endswith(f":{found.tag}")
        and found.tag != "latest"
    ):
        message = f"the tag of {stage.base} can be moved to another image"
        yield Failure(message, stage.opening.start, stage.opening.end)


check = Check(
    "DF-0005",
    "The base image is not pinned by its digest",
    "A tag can be pushed again, by its publisher or by who has taken over the publisher's "
    "account; a digest is one image for ever.",
    "LOW",
    "Add the digest (docker buildx imagetools inspect IMAGE shows it), and let a bot renew it.",
    _judge,
    (),
    ("https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",),
)
