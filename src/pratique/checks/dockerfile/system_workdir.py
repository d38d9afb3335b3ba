"""DF-0051: WORKDIR in a folder of the system."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Failure

_SYSTEM = re.compile(
    r"/(?:bin|boot|dev|etc|lib|lib32|lib64|proc|run|sbin|sys|usr/bin|usr/sbin|usr/lib)(?:/|$)"
)


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.shipped:
        for one in stage.all("WORKDIR"):
            path = stage.expanded(one, one.words()[0].text)
            if _SYSTEM.match(path) and not re.match(r"/usr/lib/[^/]", path):
                message = f"WORKDIR {path} is a folder of the system"
                yield Failure(message, one.start, one.end)


check = Check(
    "DF-0051",
    "WORKDIR is a folder of the system",
    "What the process writes, and what is copied to a relative path, lands among the system's own "
    "files.",
    "MEDIUM",
    "Use a folder of its own: /app, /srv/app.",
    _judge,
    ("DS-0030",),
    ("https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html",),
)
