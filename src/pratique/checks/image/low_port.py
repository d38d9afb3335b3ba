"""IMG-0006: ports below 1024 are exposed, for information."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.listing import listed
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_TOLD_ELSEWHERE = frozenset({21, 22, 23, 69, 111, 512, 513, 514})


def _judge(image: BuiltImage) -> Iterator[Failure]:
    numbers = [port.partition("/")[0] for port in image.names("ExposedPorts")]
    low = [n for n in numbers if n.isdigit() and int(n) < 1024 and int(n) not in _TOLD_ELSEWHERE]
    if low and image.runs_as_root:
        yield Failure(
            f"exposes {listed(low)}, which keeps it from running as another user than root"
        )


check = Check(
    "IMG-0006",
    "Privileged port exposed",
    "On many systems only root, or a process with NET_BIND_SERVICE, may listen below 1024: the "
    "port is what stands between the image and a user of its own.",
    "LOW",
    "Listen above 1024, and map the port where the container is run.",
    _judge,
)
