"""DC-0022: no limit of processes (CIS Docker Benchmark 5.29)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    limit = service.says("pids_limit") or service.says("deploy", "resources", "limits", "pids")
    if service.complete and limit in (None, -1, 0, "-1", "0"):
        yield Failure("no limit of processes", *service.span)


check = Check(
    "DC-0022",
    "Number of processes not limited",
    "A fork bomb in one container stops the whole host.",
    "LOW",
    "Set pids_limit, or deploy.resources.limits.pids.",
    of_service(_judge),
    ("CIS-5.29",),
    (),
)
