"""DC-0005: the network of the host (CIS Docker Benchmark 5.10)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    for key in ("network_mode", "net"):
        if service.get(key) == "host":
            yield Failure(f"{key}: host", *service.span_of(key))


check = Check(
    "DC-0005",
    "Network of the host",
    "The container sees and reaches everything that listens on the host, also what listens on its "
    "loopback alone, and takes its ports.",
    "HIGH",
    "Publish the ports that are needed.",
    of_service(_judge),
    ("CIS-5.10",),
    (),
)
