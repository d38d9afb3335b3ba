"""It may run as root."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        if container.security("runAsNonRoot") is not True:
            user = container.security("runAsUser")
            other = isinstance(user, int) and user > 0
            yield container.fails(
                "is not kept from running as root by runAsNonRoot" if other else "may run as root",
                "securityContext",
                "runAsNonRoot",
                put="true",
                severity="LOW" if other else "",
            )


check = Check(
    "K8S-0012",
    "It may run as root",
    "Nothing keeps the container from running as root, which makes every flaw in it and "
    "in the container engine worse. Only runAsNonRoot is enforced when the image changes.",
    "MEDIUM",
    "Set securityContext.runAsNonRoot to true, for the pod or the container.",
    _judge,
    ("KSV-0012", "PSS-restricted-running-as-non-root", "CIS-5.2.7", "NSA-non-root-containers"),
    (STANDARDS,),
)
