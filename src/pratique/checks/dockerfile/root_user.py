"""DF-0001: USER root."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, Stage, pairs
from pratique.codecs.dockerfile.instructions import Instruction
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    found = build.final.last("USER")
    if found and (build.final.user or "").partition(":")[0] in ("root", "0"):
        stage, one = found
        inherited = f", which stage {stage.name or stage.index} sets" * (stage is not build.final)
        yield Failure(f"the image runs as root: USER {one.rest}{inherited}", one.start, one.end)
    elif found and (name := _undeclared(build, *found)):
        stage, one = found
        message = f"{one.text} is empty, which means root: ARG {name} stands before FROM alone"
        yield Failure(message, one.start, one.end)


def _undeclared(build: Build, stage: Stage, one: Instruction) -> str:
    """Return the build argument that is all of USER, and that the stage does not ask for."""
    text = stage.expanded(one, one.rest)
    outer = {name for argument in build.outer for name, _ in pairs(argument)}
    return next((name for name in outer if text in (f"${name}", f"${{{name}}}")), "")


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
