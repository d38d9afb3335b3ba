"""DF-0061: RUN --network=host."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for run in build.runs:
        if run.instruction.flag("network") == "host":
            one = run.instruction
            yield Failure(
                "this RUN is in the network of the machine that builds", one.start, one.end
            )


check = Check(
    "DF-0061",
    "A RUN uses the host's network",
    "What it runs, downloads included, reaches what listens on the builder's localhost and in its "
    "network: metadata services, other builds.",
    "MEDIUM",
    "Do without --network=host; --network=none is best for what needs none.",
    _judge,
    (),
    ("https://docs.docker.com/reference/dockerfile/#run---network",),
)
