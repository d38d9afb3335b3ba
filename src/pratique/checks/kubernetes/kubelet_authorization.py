"""The kubelet allows everything."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "KubeletConfiguration" and one.get("authorization", "mode") == "AlwaysAllow":
        yield one.fails("allows everything to everybody", "authorization", "mode", put="Webhook")


check = Check(
    "K8S-0282",
    "The kubelet allows everything",
    "With AlwaysAllow whoever is known to the cluster may run commands in every pod of the node.",
    "HIGH",
    "Set authorization.mode to Webhook.",
    _judge,
    ("CIS-4.2.2",),
    ("https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/",),
)
