"""DF-0049: WORKDIR that depends on another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.images import is_windows
from pratique.model.check import Check, Edit, Failure

_ABSOLUTE = re.compile(r"/|\\|[A-Za-z]:|\$|~")


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        if is_windows(stage.root):
            continue
        for at, one in enumerate(stage.instructions):
            if one.name != "WORKDIR" or one.onbuild:
                continue
            path = stage.expanded(one, one.words()[0].text)
            if not _ABSOLUTE.match(path):
                before, after = stage.workdir_at(at), stage.workdir_at(at + 1)
                fix = (
                    Edit(one.start, one.end, f"WORKDIR {after}")
                    if before and after and "$" not in after
                    else None
                )
                known = (
                    f"after {before}" if before else "of the base image, which is not known here"
                )
                message = f"WORKDIR {path} is below the working directory {known}"
                yield Failure(message, one.start, one.end, fix=fix)


check = Check(
    "DF-0049",
    "WORKDIR is relative",
    "Where it is depends on what stands before it, or on the base image: files end up elsewhere "
    "without anybody noticing.",
    "LOW",
    "Write the whole path.",
    _judge,
    ("DS-0009", "DL3000"),
    ("https://docs.docker.com/reference/dockerfile/#workdir",),
)
