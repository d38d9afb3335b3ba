"""A load balancer is open to everybody."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "Service" and not one.group and one.get("spec", "type") == "LoadBalancer":
        ranges = one.names("spec", "loadBalancerSourceRanges")
        annotations = " ".join(map(str, one.mapping("metadata", "annotations").items()))
        inside = "internal" in annotations.lower() or "source-ranges" in annotations
        if not inside and (not ranges or "0.0.0.0/0" in ranges):
            yield one.fails("is a load balancer that is open to everybody", "spec", "type")


check = Check(
    "K8S-0261",
    "A load balancer is open to everybody",
    "Without source ranges the whole internet may come, unless the load balancer is an "
    "internal one.",
    "LOW",
    "Set loadBalancerSourceRanges, or the provider's annotation for an internal load balancer.",
    _judge,
    (),
    ("https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer",),
)
