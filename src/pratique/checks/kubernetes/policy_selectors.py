"""A network policy selects everything."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.part import Part
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "NetworkPolicy":
        for direction, peers in (("ingress", "from"), ("egress", "to")):
            for rule, _ in one.maps("spec", direction):
                for peer, span in Part(rule, "").maps(peers):
                    if peer and not any(peer.values()):
                        yield Failure(
                            f"the rule for {direction} selects every pod or namespace", *span
                        )


check = Check(
    "K8S-0038",
    "A network policy selects everything",
    "A rule whose peers are not narrowed down lets in, or out, whole namespaces.",
    "LOW",
    "Name the pods that are meant.",
    _judge,
    ("KSV-0038",),
    ("https://kubernetes.io/docs/concepts/services-networking/network-policies/",),
)
