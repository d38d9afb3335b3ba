"""DF-0058: wget and curl."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.calls import is_download
from pratique.codecs.dockerfile.run import Step
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    first: dict[str, Step] = {}
    for stage in build.shipped:
        for step in stage.steps:
            if is_download(step.command):
                first.setdefault(step.command.name, step)
    if len(first) == 2:
        one = max(first.values(), key=lambda step: step.start)
        other = min(first.values(), key=lambda step: step.start)
        message = (
            f"{one.command.name} does here what {other.command.name} does in line {other.start}"
        )
        yield Failure(message, one.start, one.end)


check = Check(
    "DF-0058",
    "Both wget and curl are used",
    "Each is one more program that can have a flaw; one is enough, and none in the image is "
    "better.",
    "LOW",
    "Use one of them, in an earlier stage, or ADD --checksum.",
    _judge,
    ("DS-0014", "DL4001"),
    ("https://docs.docker.com/build/building/best-practices/#dont-install-unnecessary-packages",),
)
