"""DF-0065: --platform of one kind."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Edit, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.shipped:
        platform = stage.opening.flag("platform")
        if platform and "$" not in platform:
            one = stage.opening
            message = (
                f"FROM --platform={platform}: the image is for that machine, whatever "
                "it is built for"
            )
            line = build.parsed.lines[one.start - 1]
            fix = (
                Edit(one.start, one.end, line.replace(f"--platform={platform} ", "", 1))
                if one.start == one.end
                else None
            )
            yield Failure(message, one.start, one.end, fix=fix)


check = Check(
    "DF-0065",
    "FROM asks for one platform",
    "An image index built from it has the wrong programs for all others, which then run emulated, "
    "or not.",
    "LOW",
    "docker build --platform; --platform=$BUILDPLATFORM for a stage that cross-compiles.",
    _judge,
    ("DL3029",),
    ("https://docs.docker.com/reference/build-checks/from-platform-flag-const-disallowed/",),
)
