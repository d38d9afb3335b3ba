"""DF-0017: apt's lists."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.caches import left
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    tools = ("apt-get", "apt", "aptitude")
    for run, (step, *_) in left(build, tools, ("update",), ("/var/lib/apt/lists",)):
        fix = run.ending("rm -rf /var/lib/apt/lists/*")
        yield Failure("the package lists stay in the layer", step.start, step.end, fix=fix)


check = Check(
    "DF-0017",
    "apt's package lists stay in the image",
    "They are tens of megabytes, of no use at run time, and let an old index be installed from "
    "later.",
    "LOW",
    "rm -rf /var/lib/apt/lists/* at the end of the same RUN, or RUN --mount=type=cache for the "
    "folder.",
    _judge,
    ("DL3009",),
    ("https://docs.docker.com/build/building/best-practices/#apt-get",),
)
