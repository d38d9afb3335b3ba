"""DF-0042: no HEALTHCHECK."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    final = build.final
    starts = any(stage.all("EXPOSE", "CMD", "ENTRYPOINT") for stage in build.shipped)
    if starts and not final.last("HEALTHCHECK"):
        yield Failure("nothing tells whether what runs in the container still works")


check = Check(
    "DF-0042",
    "There is no HEALTHCHECK",
    "Docker, Compose and Swarm then only know whether the process is there, not whether it "
    "answers. Kubernetes has probes of its own and takes no notice.",
    "LOW",
    "HEALTHCHECK CMD with a command that fails where the service does not answer; HEALTHCHECK "
    "NONE where probes do that.",
    _judge,
    ("DS-0026", "CIS-4.6", "DL3057"),
    ("https://docs.docker.com/reference/dockerfile/#healthcheck",),
)
