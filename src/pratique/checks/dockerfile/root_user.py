"""DF-0001: USER root."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    found = build.final.last("USER")
    if found and (build.final.user or "").partition(":")[0] in ("root", "0"):
        stage, one = found
        inherited = f", which stage {stage.name or stage.index} sets" * (stage is not build.final)
        yield Failure(f"the image runs as root: USER {one.rest}{inherited}", one.start, one.end)


check = Check(
    "DF-0001",
    "The last USER is root",
    "A process that is root in its container owns every file of the image, and has what it needs "
    "to make the most of a flaw in the runtime or the kernel.",
    "HIGH",
    "End with a user that has no rights: RUN useradd --system --uid 10001 app, then USER 10001.",
    _judge,
    ("DS-0002", "CIS-4.1", "DL3002"),
    ("https://docs.docker.com/build/building/best-practices/#user",),
)
