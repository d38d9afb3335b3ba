"""DC-0021: no limit of processor time (CIS Docker Benchmark 5.12)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure

_KEYS = ("cpus", "cpu_quota", "cpu_shares", "cpuset")


def _judge(service: Service) -> Iterator[Failure]:
    limits = service.has("deploy", "resources", "limits", "cpus")
    if service.complete and not limits and not any(service.has(key) for key in _KEYS):
        yield Failure("no limit of processor time", *service.span)


check = Check(
    "DC-0021",
    "Processor time not limited",
    "One service that spins takes the time of all others.",
    "LOW",
    "Set deploy.resources.limits.cpus, or cpus.",
    of_service(_judge),
    ("CIS-5.12",),
    (),
)
