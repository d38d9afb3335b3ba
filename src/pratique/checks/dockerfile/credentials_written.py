"""DF-0073: keys and credentials that a RUN writes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.run import Run, Step
from pratique.codecs.dockerfile.secrets import OFTEN_HARMLESS, is_secret_file
from pratique.model.check import Check, Failure

_TOKEN = re.compile(r"_auth|token|password|login", re.IGNORECASE)
_MADE = re.compile(
    r"ssh-keygen (?:.* )?(?:-A\b|-f )"
    r"|openssl (?:genrsa|genpkey|ecparam .*-genkey|req .*-(?:newkey|keyout))\b"
)


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.shipped:
        for run in stage.runs:
            removed = _removed(run)
            for step in run.steps:
                if (target := _written(step)) and target not in removed:
                    message = f"{target} is written, and is part of the layer"
                    yield Failure(message, step.start, step.end)
                elif _MADE.match(" ".join((step.command.name, *step.command.args))) and not removed:
                    message = f"{step.command.name} makes a key that all containers share"
                    yield Failure(message, step.start, step.end, "MEDIUM")


def _removed(run: Run) -> set[str]:
    return {arg for step in run.steps if step.command.name == "rm" for arg in step.command.args}


def _written(step: Step) -> str:
    """Return the file of credentials that a command's output goes to."""
    for redirect in step.command.redirects:
        name = redirect.target.rpartition("/")[2]
        if redirect.operator not in (">", ">>") or not is_secret_file(redirect.target):
            continue
        text = " ".join((*step.command.args, *(r.target for r in step.command.redirects)))
        if name not in OFTEN_HARMLESS or _TOKEN.search(text):
            return redirect.target
    return ""


check = Check(
    "DF-0073",
    "A key or credentials are written into the image",
    "Everybody who has the image has them, whatever a later instruction deletes; a key that is "
    "made while building is the same in every container.",
    "HIGH",
    "RUN --mount=type=secret,id=x,target=/path gives a file to one RUN alone; make keys when the "
    "container starts.",
    _judge,
    ("CIS-4.10",),
    ("https://docs.docker.com/build/building/secrets/",),
)
