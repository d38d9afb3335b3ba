"""DF-0025: pip packages of any version."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.calls import Call
from pratique.model.check import Check, Failure

_TOOLS_ITSELF = {"pip", "setuptools", "wheel", "uv", "poetry-core"}
_PINNED = re.compile(r"===?|@|\$|://|^[./~]|\.(?:whl|tar\.gz|zip)$")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[^\]]*\])?\s*(?:[<>~!].*)?")


def _judge(build: Build) -> Iterator[Failure]:
    for step in build.steps:
        if step.call and (loose := _loose(step.call)):
            message = f"pip installs whichever version of {', '.join(loose)[:120]} is newest"
            yield Failure(message, step.start, step.end)


def _loose(call: Call) -> list[str]:
    if call.tool not in ("pip", "uv") or call.action != "install":
        return []
    if call.has("-c", "--constraint", "--require-hashes", "--no-index"):
        return []
    names = [word.text for word in call.operands]
    return [
        name for name in names
        if not _PINNED.search(name) and _NAME.fullmatch(name) and name not in _TOOLS_ITSELF
    ]  # fmt: skip


check = Check(
    "DF-0025",
    "pip installs packages without a version",
    "What is installed depends on the day: a release that somebody took over is in the next build.",
    "MEDIUM",
    "name==version, better a requirements file with --require-hashes.",
    _judge,
    ("DL3013",),
    ("https://pip.pypa.io/en/stable/topics/repeatable-installs/",),
)
