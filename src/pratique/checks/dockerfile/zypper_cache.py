"""DF-0022: zypper's cache."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.caches import left
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    actions = ("install", "in", "update", "up", "dist-upgrade", "dup", "patch")
    for run, (step, *_) in left(build, ("zypper",), actions, ("/var/cache/zypp",)):
        fix = run.ending("zypper clean --all")
        yield Failure("zypper's cache stays in the layer", step.start, step.end, fix=fix)


check = Check(
    "DF-0022",
    "zypper's cache stays in the image",
    "It is of no use at run time, and often larger than what was installed.",
    "LOW",
    "zypper clean --all at the end of the same RUN.",
    _judge,
    ("DS-0020", "DL3036"),
    ("https://en.opensuse.org/SDB:Zypper_manual",),
)
