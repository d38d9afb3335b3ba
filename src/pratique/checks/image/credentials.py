"""IMG-0023: folders and files in which tools keep their credentials."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.listing import listed
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    found: dict[tuple[str, int], list[str]] = {}
    for trace in image.of("credentials"):
        found.setdefault((trace.detail, trace.layer), []).append(f"/{trace.path}")
    for (whose, layer), paths in sorted(found.items()):
        yield Failure(f"where credentials for {whose} are kept: {listed(paths)}", layer=layer)


check = Check(
    "IMG-0023",
    "Credentials of a tool in the image",
    "Command-line tools keep tokens and passwords there, mostly in the clear.",
    "HIGH",
    "Change them. Hand them to the RUN that needs them with --mount=type=secret, or mount them "
    "when the container runs.",
    _judge,
    ("CIS-4.10",),
)
