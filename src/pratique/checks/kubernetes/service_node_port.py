"""A Service opens a port of every node."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "Service" and not one.group and one.get("spec", "type") == "NodePort":
        yield one.fails("opens a port of every node", "spec", "type")


check = Check(
    "K8S-0260",
    "A Service opens a port of every node",
    "A NodePort answers at every node's address, past whatever stands before the cluster.",
    "LOW",
    "Use ClusterIP with an Ingress or a gateway.",
    _judge,
    (),
    ("https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport",),
)
