"""DF-0060: RUN --security=insecure."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for run in build.runs:
        if run.instruction.flag("security") == "insecure":
            one = run.instruction
            yield Failure("this RUN has all rights on the machine that builds", one.start, one.end)


check = Check(
    "DF-0060",
    "A RUN is privileged",
    "What it runs, downloads included, can take over the machine that builds: no seccomp, no "
    "AppArmor, all capabilities.",
    "HIGH",
    "Do without --security=insecure.",
    _judge,
    (),
    ("https://docs.docker.com/reference/dockerfile/#run---security",),
)
