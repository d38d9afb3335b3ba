"""DC-0007: the shared memory of the host (CIS Docker Benchmark 5.17)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    ipc = service.get("ipc")
    if ipc in ("host", "shareable"):
        severity = "LOW" if ipc == "shareable" else ""
        yield Failure(f"ipc: {ipc}", *service.span_of("ipc"), severity=severity)


check = Check(
    "DC-0007",
    "Shared memory of the host",
    "The container may read and change what processes of the host exchange through shared memory. "
    "One that is shareable is open to every container.",
    "MEDIUM",
    "Leave ipc out, or name the one service to share with.",
    of_service(_judge),
    ("CIS-5.17",),
    (),
)
