"""DF-0068: SSH to whoever answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, pairs
from pratique.model.check import Check, Failure

_OFF = re.compile(r"StrictHostKeyChecking[ =]+\"?(?:no|off|accept-new)\b", re.IGNORECASE)


def _judge(build: Build) -> Iterator[Failure]:
    for step in build.steps:
        texts = (*step.command.args, *(r.target for r in step.command.redirects))
        texts += tuple(word.text for word in step.command.assignments)
        if any(_OFF.search(text) for text in (*texts, " ".join(step.command.args))):
            yield Failure("ssh takes any key for the right one", step.start, step.end)
        elif step.command.name == "ssh-keyscan" and any(
            "known_hosts" in t for t in _around(build, step.start)
        ):
            yield Failure(
                "ssh-keyscan takes the key of whoever answers for the right one",
                step.start,
                step.end,
            )
    for stage in build.stages:
        for one in stage.all("ENV"):
            if any(_OFF.search(value or "") for _, value in pairs(one)):
                yield Failure("ssh takes any key for the right one", one.start, one.end)


def _around(build: Build, line: int) -> tuple[str, ...]:
    return build.parsed.lines[line - 1 : line + 1]


check = Check(
    "DF-0068",
    "SSH does not verify which server it talks to",
    "Anybody on the way can answer: what is cloned is theirs, and a key that is forwarded is used "
    "by them.",
    "MEDIUM",
    "Write the server's published key into known_hosts; RUN --mount=type=ssh for the own one.",
    _judge,
    (),
    ("https://docs.docker.com/reference/dockerfile/#run---mounttypessh",),
)
