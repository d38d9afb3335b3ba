"""The node's network is shared."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.pod and one.pod.get("hostNetwork") is True:
        yield one.pod.fails("shares the network of its node", "hostNetwork", put="false")


check = Check(
    "K8S-0009",
    "The node's network is shared",
    "The pod sees the node's network, where network policies do not hold and services "
    "listen that trust the node itself.",
    "HIGH",
    "Remove hostNetwork, or set it to false.",
    _judge,
    ("KSV-0009", "PSS-baseline-host-namespaces", "CIS-5.2.5", "NSA-host-namespaces"),
    (STANDARDS,),
)
