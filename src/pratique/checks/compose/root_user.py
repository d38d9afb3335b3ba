"""DC-0028: a service is run as root."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    """What the image sets is judged with the image."""
    user = str(service.get("user") if service.get("user") is not None else "-").partition(":")[0]
    if user in ("root", "0"):
        yield Failure(f"user: {user}", *service.span_of("user"))
    groups = [(name, span) for name, span in service.items("group_add")]
    for name, span in groups:
        if name in ("docker", "root", "0", "sudo", "wheel"):
            yield Failure(f"group_add: {name}", *span)


check = Check(
    "DC-0028",
    "Runs as root",
    "Whoever breaks into a process that is root in its container is one flaw of the kernel, or one "
    "careless mount, away from root on the host.",
    "MEDIUM",
    "Set a number other than 0, or leave user out where the image sets one.",
    of_service(_judge),
    (),
    (),
)
