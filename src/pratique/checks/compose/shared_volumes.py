"""DC-0049: the volumes of another container are taken over."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    for name, span in service.items("volumes_from"):
        yield Failure(f"volumes_from: {name}", *span)


check = Check(
    "DC-0049",
    "Volumes of another container",
    "All that it mounts is mounted here too, sockets and secrets with it, and this file does not "
    "show it.",
    "LOW",
    "Name the volumes that are needed.",
    of_service(_judge),
    (),
    (),
)
