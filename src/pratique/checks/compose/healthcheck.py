"""DC-0023: a service that is published and has no health check (CIS Docker Benchmark 5.27)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.codecs.located_values import Map
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    stated = service.get("healthcheck")
    if isinstance(stated, Map) and (
        stated.get("disable") is True or stated.get("test") == ["NONE"]
    ):
        yield Failure("the health check is switched off", *service.span_of("healthcheck"))
    elif service.complete and service.has("ports") and not service.has("healthcheck"):
        yield Failure("no health check", *service.span)


check = Check(
    "DC-0023",
    "No health check",
    "Compose sees that a process ends, not that it hangs, and other services start before this one "
    "answers.",
    "LOW",
    "Set healthcheck.test to a command that asks the service, unless its image has one.",
    of_service(_judge),
    ("CIS-5.27",),
    (),
)
