"""The node's processes are shared."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.pod and one.pod.get("hostPID") is True:
        yield one.pod.fails("shares the processes of its node", "hostPID", put="false")


check = Check(
    "K8S-0010",
    "The node's processes are shared",
    "The pod sees the node's processes: their environments with secrets, and signals to them.",
    "HIGH",
    "Remove hostPID, or set it to false.",
    _judge,
    ("KSV-0010", "PSS-baseline-host-namespaces", "CIS-5.2.3", "NSA-host-namespaces"),
    (STANDARDS,),
)
