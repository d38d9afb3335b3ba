"""The node's IPC namespace is shared."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.pod and one.pod.get("hostIPC") is True:
        yield one.pod.fails("shares the IPC namespace of its node", "hostIPC", put="false")


check = Check(
    "K8S-0008",
    "The node's IPC namespace is shared",
    "The pod sees the node's shared memory and message queues.",
    "HIGH",
    "Remove hostIPC, or set it to false.",
    _judge,
    ("KSV-0008", "PSS-baseline-host-namespaces", "CIS-5.2.4", "NSA-host-namespaces"),
    (STANDARDS,),
)
