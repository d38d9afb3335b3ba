"""DC-0034: limits of the kernel are switched off (CIS Docker Benchmark 5.19)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.codecs.located_values import Map
from pratique.model.check import Check, Failure

_KEPT = frozenset({"memlock", "rtprio", "stack", "as"})
"""Which databases and audio need without one."""


def _judge(service: Service) -> Iterator[Failure]:
    limits = service.get("ulimits")
    for name, value in limits.items() if isinstance(limits, Map) else ():
        numbers = value.values() if isinstance(value, Map) else [value]
        if name not in _KEPT and any(str(one) in ("-1", "unlimited") for one in numbers):
            yield Failure(f"ulimits: {name} is unlimited", *service.span_of("ulimits", name))


check = Check(
    "DC-0034",
    "Limit of the kernel switched off",
    "These limits keep one container from taking what all need: processes, open files, core dumps "
    "on disk.",
    "LOW",
    "Set a number that the service needs.",
    of_service(_judge),
    ("CIS-5.19",),
    (),
)
