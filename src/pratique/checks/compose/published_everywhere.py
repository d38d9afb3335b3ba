"""DC-0030: a port is published on every address, for information (CIS Docker Benchmark 5.14)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure

_MEANT = frozenset({80, 443})
_TOLD_ELSEWHERE = frozenset({
    22, 23, 1433, 1521, 2181, 2375, 2376, 2379, 3306, 3389, 5005, 5432, 5672, 5678, 5900, 5901,
    5984, 6379, 7474, 7687, 8086, 8500, 9042, 9092, 9200, 9229, 9300, 11211, 15672, 26257,
    27017, 27018,
    28015, 33060,
})  # fmt: skip


def _judge(service: Service) -> Iterator[Failure]:
    """A web server's own ports are meant for everyone."""
    for port, span in service.ports():
        told = port.published in _MEANT or port.target in _TOLD_ELSEWHERE
        if port.is_everywhere and not told:
            host = f"port {port.published}" if port.published else "a port that the engine chooses"
            yield Failure(f"{host} is published on every address of the host", *span)


check = Check(
    "DC-0030",
    "Port published on every address",
    "Docker's rules go before those of most firewalls: whoever reaches the host reaches the port.",
    "LOW",
    "Write the address: 127.0.0.1:8080:8080 behind a proxy, or that of the network it is for.",
    of_service(_judge),
    ("CIS-5.14",),
    (),
)
