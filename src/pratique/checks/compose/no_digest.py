"""DC-0019: an image without a digest."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.images import tag_of
from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    image = service.image
    if not image or "$" in image or "@" in image or service.has("build"):
        return
    if tag_of(image) not in ("", "latest"):
        yield Failure(f"{image} has no digest", *service.span_of("image"))


check = Check(
    "DC-0019",
    "Image without a digest",
    "A tag can be moved, by its owner or by whoever breaks into the registry; a digest is the "
    "image.",
    "LOW",
    "Add the digest: image:tag@sha256:…; Renovate and Dependabot keep it current.",
    of_service(_judge),
    (),
    ("https://docs.docker.com/dhi/core-concepts/digests/",),
)
