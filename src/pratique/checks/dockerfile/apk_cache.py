"""DF-0018: apk's cache."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.caches import left
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    found = left(build, ("apk",), ("add", "upgrade"), ("/var/cache/apk",))
    for step in (step for _, steps in found for step in steps):
        if step.call and not step.call.has("--no-cache"):
            fix = step.appended(step.call.verb, " --no-cache")
            message = f"apk {step.call.action} leaves its index in the layer"
            yield Failure(message, step.start, step.end, fix=fix)


check = Check(
    "DF-0018",
    "apk's cache stays in the image",
    "It is of no use at run time.",
    "LOW",
    "apk add --no-cache, which needs no apk update either.",
    _judge,
    ("DS-0025", "DL3019"),
    ("https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper",),
)
