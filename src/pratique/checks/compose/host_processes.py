"""DC-0006: the processes of the host (CIS Docker Benchmark 5.16)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    if service.get("pid") == "host":
        yield Failure("pid: host", *service.span_of("pid"))


check = Check(
    "DC-0006",
    "Processes of the host",
    "The container sees every process of the host with its environment, and may signal those of "
    "its user; root may look into their memory.",
    "HIGH",
    "Leave pid out; name another service where a tool must watch one: pid: service:web.",
    of_service(_judge),
    ("CIS-5.16",),
    (),
)
