"""IMG-0025: what belongs to an engine or to a running container."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.listing import listed
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_HARMLESS = frozenset({".dockerenv", ".containerenv"})


def _judge(image: BuiltImage) -> Iterator[Failure]:
    found = list(image.of("runtime"))
    if marks := [trace for trace in found if trace.detail in _HARMLESS]:
        yield Failure(f"/{marks[0].path}: a container was saved as an image, or exported",
                      layer=marks[0].layer, severity="LOW")  # fmt: skip
    if others := [trace for trace in found if trace.detail not in _HARMLESS]:
        names = listed(f"/{trace.path}" for trace in others)
        yield Failure(f"of an engine or a running container: {names}", layer=others[0].layer)


check = Check(
    "IMG-0025",
    "Left over from an engine or a running container",
    "Sockets of an engine and mounted secrets do not belong in an image. What was made by saving a "
    "container no Dockerfile makes again.",
    "MEDIUM",
    "Build the image from a Dockerfile, and mount sockets and secrets when it runs.",
    _judge,
)
