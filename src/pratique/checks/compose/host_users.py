"""DC-0008: the users of the host (CIS Docker Benchmark 5.31)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    if service.get("userns_mode") == "host":
        yield Failure("userns_mode: host", *service.span_of("userns_mode"))


check = Check(
    "DC-0008",
    "Users of the host",
    "Where the engine maps the root of containers to another user, this switches it off for one.",
    "MEDIUM",
    "Leave userns_mode out.",
    of_service(_judge),
    ("CIS-5.31",),
    (),
)
