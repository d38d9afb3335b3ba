"""DF-0041: chown of what was copied."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, Stage, sources
from pratique.codecs.dockerfile.instructions import Instruction
from pratique.codecs.dockerfile.run import Step
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.shipped:
        copied: list[tuple[str, Instruction]] = []
        for at, one in enumerate(stage.instructions):
            here = stage.workdir_at(at) or "/"
            if one.name in ("COPY", "ADD") and not one.flag("chown"):
                _, to = sources(one)
                if to:
                    copied.append(
                        (
                            posixpath.normpath(posixpath.join(here, stage.expanded(one, to.text))),
                            one,
                        )
                    )
            for step in (s for run in stage.runs if run.instruction is one for s in run.steps):
                if (found := _owned(step, stage, here, copied)) is not None:
                    message = (
                        f"what line {found.start} copied is in the image twice: chown "
                        "-R writes all of it again"
                    )
                    yield Failure(message, step.start, step.end)


def _owned(
    step: Step, stage: Stage, here: str, copied: list[tuple[str, Instruction]]
) -> Instruction | None:
    args = step.command.args
    if step.command.name != "chown" or not any(
        a == "--recursive" or (a[:1] == "-" and "R" in a) for a in args
    ):
        return None
    for arg in [a for a in args if not a.startswith("-")][1:]:
        path = posixpath.normpath(posixpath.join(here, stage.expanded(step.instruction, arg)))
        for to, one in copied:
            if path != "/" and (to + "/").startswith(path.rstrip("*").rstrip("/") + "/"):
                return one
    return None


check = Check(
    "DF-0041",
    "The owner of copied files is changed in a layer of its own",
    "Every file is in the image twice, and what one layer gives to the process's user it may "
    "rewrite.",
    "LOW",
    "COPY --chown=user:group, for what the process must write; what it only reads is better "
    "root's.",
    _judge,
    (),
    ("https://docs.docker.com/reference/dockerfile/#copy---chown---chmod",),
)
