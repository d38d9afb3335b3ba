"""DC-0018: an image by `latest` or without a tag."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.images import tag_of
from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    """What this file builds itself is only called so."""
    image = service.image
    if not image or "$" in image or "@" in image or service.has("build"):
        return
    tag = tag_of(image)
    if tag in ("", "latest"):
        what = "has no tag, which is latest" if not tag else "is by the tag latest"
        yield Failure(f"{image} {what}", *service.span_of("image"))


check = Check(
    "DC-0018",
    "Image by a moving tag",
    "What runs is decided by the day of the pull: two machines run different programs, and nobody "
    "knows which.",
    "MEDIUM",
    "Name a version, best with its digest.",
    of_service(_judge),
    (),
    (),
)
