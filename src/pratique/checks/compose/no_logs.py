"""DC-0045: what a service says is thrown away."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    if service.get("logging", "driver") == "none":
        yield Failure("logging.driver: none", *service.span_of("logging", "driver"))


check = Check(
    "DC-0045",
    "No logs",
    "Of an attack or a failure nothing is left to find out by.",
    "LOW",
    "Use the default driver, or local, with max-size and max-file.",
    of_service(_judge),
    (),
    (),
)
