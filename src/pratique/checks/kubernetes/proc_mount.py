"""/proc is not masked."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        if container.get("securityContext", "procMount") not in (None, "Default"):
            yield container.fails(
                "sees all of /proc", "securityContext", "procMount", put="Default"
            )


check = Check(
    "K8S-0027",
    "/proc is not masked",
    "Parts of /proc lead to the kernel and to the node; container engines hide them "
    "unless procMount is Unmasked.",
    "MEDIUM",
    "Remove procMount.",
    _judge,
    ("KSV-0027", "PSS-baseline-proc-mount-type"),
    (STANDARDS,),
)
