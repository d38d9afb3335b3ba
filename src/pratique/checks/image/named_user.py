"""IMG-0003: the user is set by name, which an orchestrator cannot tell from root."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    user = image.user
    number = next((t.number for t in image.of("user") if t.detail == user), 0)
    if user and not user.isdigit() and not image.runs_as_root and number:
        yield Failure(f"the user is {user} by name; by number it is {number}")


check = Check(
    "IMG-0003",
    "The user is set by name",
    "Kubernetes refuses to start it under runAsNonRoot: without reading the image it cannot know "
    "that the name is not another one for root.",
    "LOW",
    "Set the number: USER 10001.",
    _judge,
    (),
    ("https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",),
)
