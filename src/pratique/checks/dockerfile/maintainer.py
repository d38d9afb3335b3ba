"""DF-0056: MAINTAINER."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Edit, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        for one in stage.all("MAINTAINER"):
            who = one.rest.strip().strip("\"'").replace("\\", "\\\\").replace('"', '\\"')
            fix = Edit(one.start, one.end, f'LABEL org.opencontainers.image.authors="{who}"')
            yield Failure("MAINTAINER is of the past", one.start, one.end, fix=fix)


check = Check(
    "DF-0056",
    "MAINTAINER is deprecated",
    "Tools that look for who is responsible read labels.",
    "LOW",
    "LABEL org.opencontainers.image.authors.",
    _judge,
    ("DS-0022", "DL4000"),
    ("https://docs.docker.com/reference/build-checks/maintainer-deprecated/",),
)
