"""A port of the node is taken."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        for port, span in container.maps("ports"):
            if port.get("hostPort"):
                yield container.fails_at(f"takes port {port['hostPort']} of its node", span)


check = Check(
    "K8S-0024",
    "A port of the node is taken",
    "With hostPort the container answers at the node's own address, past Services and "
    "often past network policies.",
    "MEDIUM",
    "Remove hostPort; use a Service.",
    _judge,
    ("KSV-0024", "PSS-baseline-host-ports", "CIS-5.2.13"),
    (STANDARDS,),
)
