"""DF-0026: npm packages of any version."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.calls import Call
from pratique.model.check import Check, Failure

_ACTIONS = {
    "npm": {"install", "i", "add"},
    "yarn": {"add", "global"},
    "pnpm": {"add", "install", "i"},
}
_PINNED = re.compile(r".+@[~^=v]*\d|[$:#]|^[./]|\.tgz$")


def _judge(build: Build) -> Iterator[Failure]:
    for step in build.steps:
        call = step.call
        if call and call.action in _ACTIONS.get(call.tool, ()) and (loose := _loose(call)):
            message = (
                f"{call.tool} installs whichever version of {', '.join(loose)[:120]} is newest"
            )
            yield Failure(message, step.start, step.end)


def _loose(call: Call) -> list[str]:
    names = [word.text for word in call.operands]
    if call.tool == "yarn" and call.action == "global":
        names = names[1:] if names[:1] == ["add"] else []
    return [name for name in names if not _PINNED.search(name)]


check = Check(
    "DF-0026",
    "npm installs packages without a version",
    "What is installed depends on the day: a release that somebody took over is in the next "
    "build, and runs its scripts there.",
    "MEDIUM",
    "name@1.2.3, better a dependency in package.json and npm ci.",
    _judge,
    ("DL3016",),
    ("https://docs.npmjs.com/cli/commands/npm-install",),
)
