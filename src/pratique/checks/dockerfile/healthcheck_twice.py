"""DF-0048: several HEALTHCHECK."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Edit, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        given = stage.all("HEALTHCHECK")
        for one in given[:-1]:
            message = f"this HEALTHCHECK has no effect: that of line {given[-1].start} replaces it"
            yield Failure(message, one.start, one.end, fix=Edit(one.start, one.end, ""))


check = Check(
    "DF-0048",
    "There are several HEALTHCHECK in one stage",
    "Only the last counts: what somebody reads here is not what is checked.",
    "LOW",
    "Keep one.",
    _judge,
    ("DS-0023", "DL3012"),
    ("https://docs.docker.com/reference/dockerfile/#healthcheck",),
)
