"""DF-0074: requirement files without versions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, Stage, sources
from pratique.codecs.dockerfile.run import Step
from pratique.model.check import Check, Failure

_PINNED = re.compile(r"===?[^*]*$|@|--hash|://|^[./]")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        for step in stage.steps:
            call = step.call
            if not call or call.tool not in ("pip", "uv") or call.action != "install":
                continue
            if call.has("-c", "--constraint", "--require-hashes"):
                continue
            named = call.value("-r", "--requirement", "--requirements").rpartition("/")[2]
            path = _source(stage, step, named) if named else ""
            loose = _loose(build.read(path) or "") if path else []
            if loose:
                shown = ", ".join(loose[:4]) + (
                    f" and {len(loose) - 4} more" if len(loose) > 4 else ""
                )
                message = f"{path} names no version of {shown}"
                yield Failure(message, step.start, step.end)


def _source(stage: Stage, step: Step, name: str) -> str:
    """Return the file of the context that is copied before a step and has a name."""
    for one in stage.instructions:
        if one is step.instruction:
            break
        if one.name not in ("COPY", "ADD") or one.flag("from"):
            continue
        for word in sources(one)[0]:
            path = stage.expanded(one, word.text).strip("/")
            if path.rpartition("/")[2] == name:
                return path
            if path in ("", ".", "*"):
                return name
    return ""


def _loose(text: str) -> list[str]:
    lines = re.sub(r"\\\n", " ", text).splitlines()
    given = [re.split(r"\s#|^#", line)[0].partition(";")[0].strip() for line in lines]
    return [match[0] for line in given if not _PINNED.search(line) and (match := _NAME.match(line))]


check = Check(
    "DF-0074",
    "pip installs from a requirement file that names no versions",
    "What is installed depends on the day: a release that somebody took over is in the next build.",
    "MEDIUM",
    "Lock them, with hashes: pip-compile --generate-hashes, uv pip compile --generate-hashes, and "
    "pip install --require-hashes -r requirements.txt.",
    _judge,
    (),
    ("https://pip.pypa.io/en/stable/topics/secure-installs/",),
)
