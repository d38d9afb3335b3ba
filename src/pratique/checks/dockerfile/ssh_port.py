"""DF-0038: the port of SSH."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.shipped:
        for one in stage.all("EXPOSE"):
            for word in one.words():
                match = re.fullmatch(r"(\d+)(?:-(\d+))?(?:/\w+)?", stage.expanded(one, word.text))
                if match and int(match[1]) <= 22 <= int(match[2] or match[1]):
                    yield Failure(
                        f"EXPOSE {word.text} offers a shell to the network", one.start, one.end
                    )


check = Check(
    "DF-0038",
    "The port of SSH is exposed",
    "A server for logins has to be kept up to date, and its keys and passwords kept; a container "
    "needs none.",
    "MEDIUM",
    "docker exec and kubectl exec give a shell.",
    _judge,
    ("DS-0004", "DL3011"),
    ("https://docs.docker.com/reference/cli/docker/container/exec/",),
)
