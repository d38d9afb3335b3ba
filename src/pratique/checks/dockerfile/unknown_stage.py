"""DF-0054: a stage that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, Stage
from pratique.codecs.dockerfile.images import is_official
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        for one in stage.all("COPY"):
            name = stage.expanded(one, one.flag("from"))
            if name and "$" not in name and (what := _missing(build, stage, name)):
                yield Failure(f"COPY --from={name}: {what}", one.start, one.end)


def _missing(build: Build, stage: Stage, name: str) -> str:
    if name.isdigit():
        return f"there are only {stage.index} stages before it" if int(name) > stage.index else ""
    found = build.stage(name)
    if found is not None:
        return (
            f"that stage begins later, in line {found.opening.start}"
            if found.index > stage.index
            else ""
        )
    if any(char in name for char in "/:.@") or is_official(name):
        return ""
    return "there is no such stage, so that an image of that name is fetched from Docker Hub"


check = Check(
    "DF-0054",
    "COPY --from names a stage that is not there",
    "It is taken for an image then, and whoever owns that name on Docker Hub decides what is "
    "copied.",
    "MEDIUM",
    "Name an earlier stage, or an image in full: docker.io/library/x:1.2@sha256:….",
    _judge,
    ("DL3022",),
    ("https://docs.docker.com/reference/dockerfile/#copy---from",),
)
