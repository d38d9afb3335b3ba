"""DF-0028: programs of Go and Rust of any version."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.calls import Call
from pratique.model.check import Check, Failure

_MODULE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+/[^@$]+(?:@(?:latest|master|main|HEAD))?")


def _judge(build: Build) -> Iterator[Failure]:
    for step in build.steps:
        if step.call and (loose := _loose(step.call)):
            message = (
                f"{step.call.tool} installs whichever version of {', '.join(loose)[:120]} is newest"
            )
            yield Failure(message, step.start, step.end)


def _loose(call: Call) -> list[str]:
    names = [word.text for word in call.operands]
    if call.tool == "go" and call.action == "install":
        return [name for name in names if _MODULE.fullmatch(name) and "@" in name]
    if call.tool == "cargo" and call.action in ("install", "binstall"):
        pinned = call.has("--version", "--vers", "--path", "--rev", "--tag", "--locked")
        return [] if pinned else [name for name in names if "@" not in name and "$" not in name]
    return []


check = Check(
    "DF-0028",
    "A program is built from its newest source, whatever that is",
    "What is installed depends on the day, and so do its dependencies where its lock file is not "
    "used.",
    "MEDIUM",
    "go install module@v1.2.3; cargo install --locked name@1.2.3.",
    _judge,
    ("DL3062",),
    ("https://go.dev/ref/mod#go-install",),
)
