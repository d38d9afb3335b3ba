"""DC-0024: a published service that is not started again (CIS Docker Benchmark 5.15)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    if not service.complete or not service.has("ports"):
        return
    stated = service.says("restart")
    if stated is None and not service.has("deploy", "restart_policy"):
        yield Failure("no restart policy", *service.span)
    elif stated in (False, "no"):
        yield Failure("it is not started again", *service.span_of("restart"))


check = Check(
    "DC-0024",
    "No restart policy",
    "After a crash or a start of the host the service stays away until somebody sees it.",
    "LOW",
    "Set restart: unless-stopped, or on-failure:5.",
    of_service(_judge),
    ("CIS-5.15",),
    (),
)
