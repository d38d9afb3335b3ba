"""DC-0020: no limit of memory (CIS Docker Benchmark 5.11)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    limits = service.has("mem_limit") or service.has("deploy", "resources", "limits", "memory")
    if service.complete and not limits:
        yield Failure("no limit of memory", *service.span)


check = Check(
    "DC-0020",
    "Memory not limited",
    "One service with a leak, or under attack, takes the memory of the host, and the kernel ends "
    "whichever process it chooses.",
    "LOW",
    "Set deploy.resources.limits.memory, or mem_limit.",
    of_service(_judge),
    ("CIS-5.11",),
    (),
)
