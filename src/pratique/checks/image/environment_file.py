"""IMG-0020: a .env file was copied in."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.listing import listed
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    found: dict[int, list[str]] = {}
    for trace in image.of("environment"):
        found.setdefault(trace.layer, []).append(f"/{trace.path}")
    for layer, paths in sorted(found.items()):
        yield Failure(f"settings of some machine: {listed(paths)}", layer=layer)


check = Check(
    "IMG-0020",
    "Environment file in the image",
    "Such a file is where the passwords of a developer's machine or of production are kept.",
    "HIGH",
    "Name .env* in .dockerignore, change what it held, and give it to the container when it runs.",
    _judge,
)
