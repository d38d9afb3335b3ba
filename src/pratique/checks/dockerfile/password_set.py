"""DF-0066: passwords of accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.run import Step
from pratique.model.check import Check, Failure

_PAIR = re.compile(r"([A-Za-z_][\w.-]*):([^\s:$]+)\n?")


def _judge(build: Build) -> Iterator[Failure]:
    for run in build.runs:
        for _, group in groupby(run.steps, key=lambda step: step.command.pipeline):
            steps = list(group)
            if who := _account(steps):
                yield Failure(
                    f"the password of {who} stands in the Dockerfile", steps[0].start, steps[-1].end
                )


def _account(steps: list[Step]) -> str:
    last = steps[-1].command
    if last.name == "chpasswd":
        given = [text for step in steps[:-1] for text in step.command.args]
        given += [
            redirect.target
            for redirect in last.redirects
            if redirect.operator in ("<<<", "<<", "<<-")
        ]
        return next((match[1] for text in given if (match := _PAIR.match(text))), "")
    if last.name == "passwd" and len(steps) > 1 and steps[0].command.name in ("echo", "printf"):
        return next((arg for arg in last.args if not arg.startswith("-")), "root")
    if last.name in ("useradd", "usermod"):
        for option, value in zip(last.args, last.args[1:], strict=False):
            if (
                option in ("-p", "--password")
                and value not in ("!", "*", "", "!!")
                and "$(" not in value
            ):
                return last.args[-1]
    return ""


check = Check(
    "DF-0066",
    "An account gets a password in the Dockerfile",
    "Everybody who has the image knows it, and it is the same in every container.",
    "HIGH",
    "No account of a container needs a password; passwd -l locks one.",
    _judge,
    ("CIS-4.10",),
    ("https://docs.docker.com/build/building/best-practices/#user",),
)
