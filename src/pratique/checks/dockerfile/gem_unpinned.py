"""DF-0027: gems of any version."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Failure

_PINNED = re.compile(r".+:\d|[$]|\.gem$")


def _judge(build: Build) -> Iterator[Failure]:
    for step in build.steps:
        call = step.call
        if (
            call
            and call.tool == "gem"
            and call.action in ("install", "i")
            and not call.has("-v", "--version")
        ):
            loose = [word.text for word in call.operands if not _PINNED.search(word.text)]
            if loose:
                message = f"gem installs whichever version of {', '.join(loose)[:120]} is newest"
                yield Failure(message, step.start, step.end)


check = Check(
    "DF-0027",
    "gem installs packages without a version",
    "What is installed depends on the day: a release that somebody took over is in the next build.",
    "MEDIUM",
    "gem install name:1.2.3, better a Gemfile.lock and bundle install --frozen.",
    _judge,
    ("DL3028",),
    ("https://guides.rubygems.org/command-reference/#gem-install",),
)
