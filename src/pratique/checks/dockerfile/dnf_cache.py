"""DF-0020: dnf's cache."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.caches import left
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    actions = ("install", "update", "upgrade", "groupinstall", "reinstall", "in")
    for tool in ("dnf", "tdnf"):
        for run, (step, *_) in left(build, (tool,), actions, (f"/var/cache/{tool}",)):
            fix = run.ending(f"{tool} clean all")
            yield Failure(f"{tool}'s cache stays in the layer", step.start, step.end, fix=fix)


check = Check(
    "DF-0020",
    "dnf's cache stays in the image",
    "It is of no use at run time, and often larger than what was installed.",
    "LOW",
    "dnf clean all at the end of the same RUN.",
    _judge,
    ("DS-0019", "DL3040"),
    ("https://dnf.readthedocs.io/en/latest/command_ref.html#clean-command",),
)
