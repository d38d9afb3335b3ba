"""IMG-0042: the image states another architecture than its programs are for."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.listing import listed
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_RUNS = {"amd64": {"amd64", "386"}, "arm64": {"arm64", "arm"}}
"""What else a processor runs."""


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """The loaders of shared programs tell what these are for."""
    there = {trace.detail for trace in image.of("loader")}
    stated = image.architecture
    if there and stated and not there & _RUNS.get(stated, {stated}):
        yield Failure(f"states {stated}, but its programs are for {listed(sorted(there))}")


check = Check(
    "IMG-0042",
    "Wrong architecture stated",
    "Engines choose an image by what it states: this one does not start, or only under emulation.",
    "MEDIUM",
    "Build with --platform, and take base images by that platform.",
    _judge,
    (),
    ("https://docs.docker.com/build/building/multi-platform/",),
)
