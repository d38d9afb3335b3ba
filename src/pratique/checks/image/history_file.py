"""IMG-0022: what someone typed is kept in a history."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.listing import listed
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    if found := list(image.of("history")):
        names = listed(f"/{trace.path}" for trace in found)
        yield Failure(f"what someone typed: {names}", layer=found[0].layer)


check = Check(
    "IMG-0022",
    "Shell history in the image",
    "Passwords are typed on command lines. A history also tells that a container was changed by "
    "hand and saved as an image, so that no Dockerfile makes it again.",
    "MEDIUM",
    "Build the image from a Dockerfile; delete the file in the RUN that made it.",
    _judge,
)
