"""DF-0002: no USER."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.images import shown
from pratique.model.check import Check, Failure

_DROPS = re.compile(r"\b(?:gosu|su-exec|setpriv|runuser|s6-setuidgid|chpst)\b")


def _judge(build: Build) -> Iterator[Failure]:
    final = build.final
    if final.last("USER"):
        return
    entry = final.last("ENTRYPOINT"), final.last("CMD")
    if any(one and _DROPS.search(one[1].text) for one in entry):
        return  # it begins as root, and what it starts does not stay so
    if final.user is None:
        message = f"no USER is set, and which one {shown(final.root)} sets is not known"
        yield Failure(message, severity="MEDIUM")
    elif final.user.partition(":")[0] in ("root", "0") and (final.root != "scratch" or any(entry)):
        yield Failure(f"no USER is set, and {shown(final.root)} runs as root")


check = Check(
    "DF-0002",
    "No USER is set: the image runs as root",
    "Without a USER, and with a base that sets none, the process is root in its container: it "
    "owns every file of the image, and has what it needs to make the most of a flaw in the "
    "runtime.",
    "HIGH",
    "End with a user that has no rights: RUN useradd --system --uid 10001 app, then USER 10001.",
    _judge,
    ("DS-0002", "CIS-4.1", "DL3002"),
    ("https://docs.docker.com/build/building/best-practices/#user",),
)
