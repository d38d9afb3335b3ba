"""DC-0004: capabilities are kept that hardly any service needs."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure


def _judge(service: Service) -> Iterator[Failure]:
    if service.complete and not service.has("cap_drop") and service.says("privileged") is not True:
        yield Failure("cap_drop is not set", *service.span)


check = Check(
    "DC-0004",
    "Capabilities not dropped",
    "A container starts with fourteen capabilities; most services need none, and each is one more "
    "thing that an intruder may do.",
    "LOW",
    "Set cap_drop: [ALL], and add the one or two that are needed.",
    of_service(_judge),
    ("CIS-5.4",),
    (),
)
