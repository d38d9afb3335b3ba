"""DF-0062: the engine's socket."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, pairs
from pratique.model.check import Check, Failure

_SOCKET = re.compile(r"(?:docker|podman|containerd|crio|buildkitd)\.sock\b")
_OPEN = re.compile(r"tcp://(?!localhost|127\.)[^\s]*:2375\b")


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        for one in stage.all("VOLUME", "RUN"):
            mounts = [value for key, value in one.flags if key == "mount"]
            given = mounts if one.name == "RUN" else [word.text for word in one.words()]
            if any(_SOCKET.search(text) for text in given):
                yield Failure(f"{one.name} takes the engine's socket in", one.start, one.end)
        for one in stage.all("ENV"):
            for name, value in pairs(one):
                if name == "DOCKER_HOST" and _OPEN.match(value or ""):
                    yield Failure(f"DOCKER_HOST={value}: an engine without TLS", one.start, one.end)


check = Check(
    "DF-0062",
    "The container engine's socket is used",
    "Who can talk to the engine is root on its machine.",
    "HIGH",
    "Build images in a container with rootless BuildKit, Buildah or Kaniko; name no socket in the "
    "image.",
    _judge,
    (),
    ("https://docs.docker.com/engine/security/protect-access/",),
)
