"""DF-0064: ENTRYPOINT and CMD that a shell runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.images import is_windows
from pratique.codecs.dockerfile.instructions import Instruction
from pratique.model.check import Check, Edit, Failure

_SYNTAX = re.compile(r"[$&|;<>()`*?\\{}'\"#~!=\[\]]")


def _judge(build: Build) -> Iterator[Failure]:
    if is_windows(build.final.root):
        return
    for stage in build.shipped:
        for one in stage.all("ENTRYPOINT", "CMD"):
            text = one.rest.strip()
            if one.exec is not None or not text or re.match(r"exec\s", text):
                continue
            if text.startswith("["):
                message = (
                    f"{one.name} is no valid JSON, so that a shell gets {text[:60]} as a command"
                )
                yield Failure(message, one.start, one.end, "MEDIUM")
            elif one.name == "ENTRYPOINT" or not _SYNTAX.search(text):
                message = f"a shell runs {text[:60]}, and keeps signals from it"
                yield Failure(message, one.start, one.end, fix=_fix(one, text))


def _fix(one: Instruction, text: str) -> Edit | None:
    if _SYNTAX.search(text) or len(one.origins) > 1:
        return None
    return Edit(one.start, one.end, f"{one.name} {json.dumps(text.split(), ensure_ascii=False)}")


check = Check(
    "DF-0064",
    "The shell form runs a shell as the container's first process",
    "It needs a shell in the image, hands no signal on, so that the container is killed after its "
    "time instead of ending, and an ENTRYPOINT takes no arguments.",
    "LOW",
    'The JSON form: ["program", "argument"].',
    _judge,
    ("DL3025",),
    ("https://docs.docker.com/reference/build-checks/json-args-recommended/",),
)
