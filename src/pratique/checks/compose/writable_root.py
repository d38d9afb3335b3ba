"""DC-0027: the root file system can be written (CIS Docker Benchmark 5.13)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    if service.complete and service.says("read_only") is not True:
        yield Failure("read_only is not set", *service.span)


check = Check(
    "DC-0027",
    "Root file system writable",
    "Whoever gets in changes programs and leaves tools there until the container is made anew.",
    "LOW",
    "Set read_only: true, and tmpfs or volumes for the folders that are written.",
    of_service(_judge),
    ("CIS-5.13",),
    (),
)
