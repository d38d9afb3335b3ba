"""DF-0053: a stage that copies from itself."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        for one in stage.all("COPY"):
            name = one.flag("from").lower()
            if name and name in (stage.name, str(stage.index)):
                message = f"COPY --from={name} names the stage that it is in"
                yield Failure(message, one.start, one.end)


check = Check(
    "DF-0053",
    "COPY --from names its own stage",
    "There is nothing yet to copy from: the build fails.",
    "MEDIUM",
    "Name an earlier stage, or use RUN cp for files that are already there.",
    _judge,
    ("DS-0006", "DL3023"),
    ("https://docs.docker.com/reference/dockerfile/#copy---from",),
)
