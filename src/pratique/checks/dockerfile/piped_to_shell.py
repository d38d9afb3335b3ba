"""DF-0031: curl | sh."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.calls import is_download, urls
from pratique.codecs.dockerfile.run import Step
from pratique.codecs.dockerfile.shell import SHELLS
from pratique.model.check import Check, Failure

_INTERPRETERS = re.compile(r"python[\d.]*|perl|ruby|node|php|pwsh|fish")
_RUN_OUTPUT = SHELLS | {"eval", "source", "."}


def _judge(build: Build) -> Iterator[Failure]:
    for run in build.runs:
        for _, group in groupby(run.steps, key=lambda step: step.command.pipeline):
            steps = list(group)
            found = next((step for step in steps if is_download(step.command)), None)
            after = steps[steps.index(found) + 1 :] if found else []
            if found and (
                found.command.within in _RUN_OUTPUT or any(_runs_input(one) for one in after)
            ):
                url = next((word.text for word in urls(found.command)), "what a server sends")
                what = next(
                    (one.command.name for one in after if _runs_input(one)), found.command.within
                )
                message = f"{url[:100]} goes straight into {what}"
                yield Failure(message, found.start, max(found.end, steps[-1].end))


def _runs_input(step: Step) -> bool:
    """Tell whether a command runs what it reads from standard input."""
    name = step.command.name
    if name in SHELLS:
        args = [arg for arg in step.command.args if arg not in ("-", "-s", "--")]
        return not args or args[0].startswith(("-", "+")) or "-s" in step.command.args
    return bool(_INTERPRETERS.fullmatch(name)) and (
        not step.command.args or step.command.args[0] == "-"
    )


check = Check(
    "DF-0031",
    "A download is run without being looked at",
    "Whoever controls the server decides what runs in the build, and a connection that breaks off "
    "leaves half a script run.",
    "HIGH",
    "Download to a file, verify a known checksum or signature, then run it; better, install a "
    "package.",
    _judge,
    (),
    ("https://docs.docker.com/reference/dockerfile/#add---checksum",),
)
