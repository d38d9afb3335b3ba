"""DC-0010: the control groups of the host (CIS Docker Benchmark 5.25)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    if service.get("cgroup") == "host":
        yield Failure("cgroup: host", *service.span_of("cgroup"))
    if parent := service.get("cgroup_parent"):
        span = service.span_of("cgroup_parent")
        yield Failure(f"cgroup_parent: {parent}", *span, severity="LOW")


check = Check(
    "DC-0010",
    "Control groups of the host",
    "The container sees those of all others, and limits set for where it should be do not hold.",
    "MEDIUM",
    "Leave cgroup and cgroup_parent out.",
    of_service(_judge),
    ("CIS-5.25",),
    (),
)
