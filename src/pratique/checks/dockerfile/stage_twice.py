"""DF-0052: two stages of one name."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    first: dict[str, int] = {}
    for stage in build.stages:
        line = (
            first.setdefault(stage.name, stage.opening.start) if stage.name else stage.opening.start
        )
        if line != stage.opening.start:
            message = f"stage {stage.name} is already that of line {line}"
            yield Failure(message, stage.opening.start, stage.opening.end)


check = Check(
    "DF-0052",
    "Two stages have the same name",
    "Which of them COPY --from and --target mean is not what a reader thinks.",
    "MEDIUM",
    "Give each a name of its own.",
    _judge,
    ("DS-0012", "DL3024"),
    ("https://docs.docker.com/reference/build-checks/duplicate-stage-name/",),
)
