"""DC-0009: the host's name (CIS Docker Benchmark 5.21)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    if service.get("uts") == "host":
        yield Failure("uts: host", *service.span_of("uts"))


check = Check(
    "DC-0009",
    "Name of the host",
    "A container with SYS_ADMIN may change the name that the host has in the network.",
    "LOW",
    "Leave uts out.",
    of_service(_judge),
    ("CIS-5.21",),
    (),
)
