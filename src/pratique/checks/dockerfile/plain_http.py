"""DF-0034: plain HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, Stage
from pratique.codecs.dockerfile.run import Step
from pratique.model.check import Check, Failure

_PLAIN = re.compile(
    r"http://(?!localhost\b|127\.|0\.0\.0\.0|\[::1\]|169\.254\.|[a-z0-9-]+(?::\d+)?(?:/|$))[^\s'\"]+",
    re.IGNORECASE,
)
_TOOLS = {"curl", "wget", "git", "npm", "yarn", "pnpm", "gem", "apk", "yum", "dnf",
    "yum-config-manager", "zypper", "rpm",
          "go", "svn", "bundle", "composer", "aria2c", "bower"}  # fmt: skip
_PROXY = re.compile(r"proxy", re.IGNORECASE)
_VERIFIES = re.compile(r"(?:sha\d*|md5|b2)sums?|shasum|gpgv?2?|apt-key")


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        for run in stage.runs:
            if any(_VERIFIES.fullmatch(step.command.name) for step in run.steps):
                continue  # and the keys of apt are DF-0035's
            for step in run.steps:
                if url := _plain(stage, step):
                    yield Failure(
                        f"{step.command.name} takes {url[:100]}, unencrypted", step.start, step.end
                    )


def _plain(stage: Stage, step: Step) -> str:
    if step.command.name not in _TOOLS:
        return ""
    for before, word in zip(("", *step.command.args), step.command.args, strict=False):
        match = _PLAIN.search(stage.expanded(step.instruction, word))
        if (
            match
            and not _PROXY.search(before + word)
            and before not in ("-x", "-H", "-e", "--referer", "--header")
        ):
            return match[0]
    return ""


check = Check(
    "DF-0034",
    "Something is fetched by plain HTTP",
    "Anybody on the way can send something else.",
    "MEDIUM",
    "Use https, or verify a checksum that stands in the Dockerfile.",
    _judge,
    (),
    ("https://docs.docker.com/build/building/best-practices/",),
)
