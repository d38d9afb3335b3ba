"""DF-0013: upgrades in a layer."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Failure

_ACTIONS = {"upgrade", "dist-upgrade", "full-upgrade"}


def _judge(build: Build) -> Iterator[Failure]:
    for step in build.steps:
        if step.call and step.call.tool in ("apt-get", "apt") and step.call.action in _ACTIONS:
            message = f"{step.call.tool} {step.call.action} stands in for a newer base image"
            yield Failure(message, step.start, step.end)


check = Check(
    "DF-0013",
    "All packages of the base are upgraded in a layer",
    "What comes of it depends on the day and on the build cache, which keeps the first day's "
    "result; every upgraded file is in the image twice.",
    "LOW",
    "Build on a newer base image (docker build --pull), and install what must be newer by its "
    "name.",
    _judge,
    ("DS-0024", "DL3005"),
    ("https://docs.docker.com/build/building/best-practices/#apt-get",),
)
