"""IMG-0024: a .ssh folder: who may log in, and how others are reached."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    for trace in image.of("ssh"):
        if trace.detail.startswith("authorized_keys"):
            yield Failure(f"/{trace.path} lets the owners of its keys log in", layer=trace.layer)
        else:
            yield Failure(
                f"/{trace.path} is of someone's SSH", layer=trace.layer, severity="MEDIUM"
            )


check = Check(
    "IMG-0024",
    "SSH folder in the image",
    "Keys that open the container cannot be taken back once it runs, and settings name the hosts "
    "that can be reached.",
    "HIGH",
    "Leave the folder out; clone over SSH with --mount=type=ssh.",
    _judge,
)
