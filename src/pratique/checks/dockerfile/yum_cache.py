"""DF-0019: yum's cache."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.caches import left
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    actions = ("install", "update", "upgrade", "localinstall", "groupinstall", "reinstall")
    for run, (step, *_) in left(build, ("yum",), actions, ("/var/cache/yum",)):
        fix = run.ending("yum clean all")
        yield Failure("yum's cache stays in the layer", step.start, step.end, fix=fix)


check = Check(
    "DF-0019",
    "yum's cache stays in the image",
    "It is of no use at run time, and often larger than what was installed.",
    "LOW",
    "yum clean all at the end of the same RUN.",
    _judge,
    ("DS-0015", "DL3032"),
    ("https://man7.org/linux/man-pages/man8/yum.8.html",),
)
