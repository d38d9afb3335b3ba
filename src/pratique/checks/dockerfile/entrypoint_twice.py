"""DF-0047: several ENTRYPOINT."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Edit, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        given = stage.all("ENTRYPOINT")
        for one in given[:-1]:
            message = f"this ENTRYPOINT has no effect: that of line {given[-1].start} replaces it"
            yield Failure(message, one.start, one.end, fix=Edit(one.start, one.end, ""))


check = Check(
    "DF-0047",
    "There are several ENTRYPOINT in one stage",
    "Only the last counts: what somebody reads here is not what runs.",
    "LOW",
    "Keep one.",
    _judge,
    ("DS-0007", "DL4004"),
    ("https://docs.docker.com/reference/dockerfile/#entrypoint",),
)
