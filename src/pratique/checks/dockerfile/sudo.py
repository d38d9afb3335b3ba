"""DF-0037: sudo."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for step in build.steps:
        if "sudo" in step.command.wrappers or step.command.name == "sudo":
            message = f"sudo {'' if step.command.name == 'sudo' else step.command.name}".strip()
            yield Failure(f"{message}: a RUN can be root without it", step.start, step.end)


check = Check(
    "DF-0037",
    "sudo is used in a RUN",
    "It has to be in the image for that, setuid root, with a rule that lets the user become root; "
    "whoever breaks into the process has it as well.",
    "MEDIUM",
    "Do what needs root before USER, or switch with USER root and back.",
    _judge,
    ("DS-0010", "DL3004"),
    ("https://docs.docker.com/build/building/best-practices/#user",),
)
