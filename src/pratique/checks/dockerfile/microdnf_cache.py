"""DF-0021: microdnf's cache."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.caches import left
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    actions = ("install", "update", "upgrade", "reinstall")
    folders = ("/var/cache/yum", "/var/cache/dnf")
    for run, (step, *_) in left(build, ("microdnf",), actions, folders):
        fix = run.ending("microdnf clean all")
        yield Failure("microdnf's cache stays in the layer", step.start, step.end, fix=fix)


check = Check(
    "DF-0021",
    "microdnf's cache stays in the image",
    "It is of no use at run time, and often larger than what was installed.",
    "LOW",
    "microdnf clean all at the end of the same RUN.",
    _judge,
    ("DS-0027",),
    ("https://github.com/rpm-software-management/microdnf",),
)
