"""DF-0059: pipelines whose beginning may fail."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.calls import is_download
from pratique.codecs.dockerfile.run import Run
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for run in build.runs:
        if run.pipefail or _sets_it(run):
            continue
        for _, group in groupby(run.steps, key=lambda step: step.command.pipeline):
            *before, last = group
            for step in before:
                if (
                    is_download(step.command)
                    and step.command.ends in ("|", "|&")
                    and not step.command.within
                ):
                    message = (
                        f"where {step.command.name} fails, {last.command.name} gets "
                        "nothing and the build goes on"
                    )
                    yield Failure(message, step.start, last.end)
                    break


def _sets_it(run: Run) -> bool:
    return any("pipefail" in step.command.args for step in run.steps)


check = Check(
    "DF-0059",
    "A download that fails in a pipeline goes unnoticed",
    "A pipeline ends as its last command does: half a file, or an empty key, is taken for the "
    "whole.",
    "LOW",
    'SHELL ["/bin/bash", "-o", "pipefail", "-c"], or set -o pipefail where the shell has it; or '
    "download to a file first.",
    _judge,
    ("DL4006",),
    ("https://docs.docker.com/build/building/best-practices/#using-pipes",),
)
