"""DC-0046: the engine's default network (CIS Docker Benchmark 5.30)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    if service.get("network_mode") == "bridge":
        yield Failure("network_mode: bridge", *service.span_of("network_mode"))


check = Check(
    "DC-0046",
    "Default network of the engine",
    "All containers that are started without a network share it, and reach each other.",
    "LOW",
    "Leave network_mode out: Compose makes a network for the project.",
    of_service(_judge),
    ("CIS-5.30",),
    (),
)
