"""A privileged port is used."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure

_FIRST = 1024
_SSH = 22  # a finding of its own


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        for port, span in container.maps("ports"):
            number = port.get("containerPort")
            if isinstance(number, int) and 0 < number < _FIRST and number != _SSH:
                yield container.fails_at(f"listens on port {number}", span)


check = Check(
    "K8S-0117",
    "A privileged port is used",
    "Ports below 1024 need root or a capability on many systems; a Service can map them "
    "to a higher one.",
    "LOW",
    "Let the container listen on a port from 1024, and the Service on the low one.",
    _judge,
    ("KSV-0117",),
    ("https://kubernetes.io/docs/concepts/services-networking/service/",),
)
