"""A network policy lets everybody in."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.part import Part
from pratique.codecs.located import Map
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind != "NetworkPolicy" or one.group != "networking.k8s.io":
        return
    for rule, span in one.maps("spec", "ingress"):
        peers = Part(rule, "").maps("from")
        if not rule.get("from"):
            yield Failure(_message(rule), *span)
        for peer, where in peers:
            if Part(peer, "").get("ipBlock", "cidr") in ("0.0.0.0/0", "::/0") and not rule.get(
                "ports"
            ):
                yield Failure("the policy lets every address in, to every port", *where)


def _message(rule: Map) -> str:
    ports = "to the ports it names" if rule.get("ports") else "to every port"
    return f"the policy lets everybody in, {ports}"


check = Check(
    "K8S-0250",
    "A network policy lets everybody in",
    "A rule without peers, or from every address, is as good as no policy.",
    "MEDIUM",
    "Name the pods, namespaces or addresses that may come in.",
    _judge,
    ("CIS-5.3.2", "NSA-network-policies"),
    ("https://kubernetes.io/docs/concepts/services-networking/network-policies/",),
)
