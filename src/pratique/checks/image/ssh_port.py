"""IMG-0004: port 22 is exposed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    for port in image.names("ExposedPorts"):
        if port.partition("/")[0] == "22":
            yield Failure(f"port {port} is exposed, as for SSH")


check = Check(
    "IMG-0004",
    "SSH port exposed",
    "A container that is logged in to is one more place for keys and passwords, and one that can "
    "be changed while it runs.",
    "MEDIUM",
    "Leave the port out; use the exec of the engine or the orchestrator.",
    _judge,
    ("DS-0004",),
)
