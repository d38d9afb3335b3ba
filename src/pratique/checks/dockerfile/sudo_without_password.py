"""DF-0067: NOPASSWD."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.shipped:
        for step in stage.steps:
            written = (*step.command.args, *(r.target for r in step.command.redirects))
            if any("NOPASSWD" in text for text in written):
                message = "a user may become root by sudo, without a password"
                yield Failure(message, step.start, step.end)
        for one in stage.all("COPY", "ADD"):
            if any("NOPASSWD" in heredoc.text for heredoc in one.heredocs):
                yield Failure(
                    "a user may become root by sudo, without a password", one.start, one.end
                )


check = Check(
    "DF-0067",
    "A user may become root without a password",
    "USER is worth nothing then: whoever breaks into the process is root one command later.",
    "HIGH",
    "Do what needs root while building, and leave sudo out of the image.",
    _judge,
    (),
    ("https://docs.docker.com/build/building/best-practices/#user",),
)
