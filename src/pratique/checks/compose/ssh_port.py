"""DC-0031: SSH in a container (CIS Docker Benchmark 5.7)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    for port, span in service.ports():
        if port.target == 22 and not port.is_local:
            yield Failure("port 22 of the container is published", *span)


check = Check(
    "DC-0031",
    "SSH published",
    "A second way in, with accounts and keys of its own, into a container that is then changed "
    "while it runs.",
    "MEDIUM",
    "Leave it out; use docker compose exec.",
    of_service(_judge),
    ("CIS-5.7",),
    (),
)
