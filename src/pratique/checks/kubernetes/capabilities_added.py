"""Capabilities are added."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import BASELINE_CAPABILITIES, STANDARDS, capabilities
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        added = capabilities(container, "add") & BASELINE_CAPABILITIES - {"NET_BIND_SERVICE"}
        if added and not container.windows:
            yield container.fails(
                f"adds {', '.join(sorted(added))}", "securityContext", "capabilities", "add"
            )


check = Check(
    "K8S-0106",
    "Capabilities are added",
    "The restricted standard allows NET_BIND_SERVICE alone, to listen on ports below 1024.",
    "LOW",
    "Remove them, or keep NET_BIND_SERVICE alone.",
    _judge,
    ("KSV-0106", "PSS-restricted-capabilities", "CIS-5.2.9"),
    (STANDARDS,),
)
