"""A network policy lets everything out."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "NetworkPolicy" and one.group == "networking.k8s.io":
        for rule, span in one.maps("spec", "egress"):
            if not rule.get("to") and not rule.get("ports"):
                yield Failure("the policy lets everything out", *span)


check = Check(
    "K8S-0251",
    "A network policy lets everything out",
    "Whoever breaks in sends what they find wherever they like, and fetches tools.",
    "LOW",
    "Name where the pods must go.",
    _judge,
    ("NSA-network-policies",),
    ("https://kubernetes.io/docs/concepts/services-networking/network-policies/",),
)
