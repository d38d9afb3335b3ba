"""DF-0050: cd that ends with its RUN."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Edit, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for run in build.runs:
        if not run.steps or run.steps[-1].command.name != "cd" or run.steps[-1].command.within:
            continue
        last = run.steps[-1]
        if last.command.ends in (")", ";)"):
            continue
        message = (
            f"cd {' '.join(last.command.args)} has no effect: the next instruction "
            "starts in WORKDIR"
        )
        yield Failure(
            message,
            last.start,
            last.end,
            fix=_fix(run.instruction.text, last.start, last.end, len(run.steps)),
        )


def _fix(text: str, start: int, end: int, count: int) -> Edit | None:
    match = re.fullmatch(r"RUN\s+cd\s+(/[\w./-]+)\s*", text, re.IGNORECASE)
    return Edit(start, end, f"WORKDIR {match[1]}") if match and count == 1 else None


check = Check(
    "DF-0050",
    "cd at the end of a RUN has no effect",
    "Each instruction starts in WORKDIR: what follows is done somewhere else than it looks.",
    "MEDIUM",
    "WORKDIR /path.",
    _judge,
    ("DS-0013", "DL3003"),
    ("https://docs.docker.com/reference/dockerfile/#workdir",),
)
