"""DC-0036: mounts are passed on to the host (CIS Docker Benchmark 5.20)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    for mount, span in service.mounts():
        if shared := {"shared", "rshared"} & set(mount.options):
            yield Failure(f"{mount.source} is mounted {shared.pop()}", *span)


check = Check(
    "DC-0036",
    "Mount shared with the host",
    "What is mounted in the container appears on the host and in other containers.",
    "MEDIUM",
    "Leave the propagation out: it is rprivate then.",
    of_service(_judge),
    ("CIS-5.20",),
    (),
)
