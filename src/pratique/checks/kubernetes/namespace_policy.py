"""A namespace without a network policy."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure

_WORKLOADS = frozenset(
    {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod", "Rollout"}
)


def _judge(one: Object) -> Iterator[Failure]:
    has_pods = bool(one.others & _WORKLOADS)
    if one.kind == "Namespace" and has_pods and "NetworkPolicy" not in one.others:
        yield one.fails(
            "is declared with workloads, but without a NetworkPolicy", "metadata", "name"
        )


check = Check(
    "K8S-0253",
    "A namespace without a network policy",
    "Without a policy every pod of the cluster reaches every pod of the namespace, and "
    "they reach everything.",
    "LOW",
    "Add a NetworkPolicy that denies all, and those that allow what is needed.",
    _judge,
    ("CIS-5.3.2", "NSA-network-policies"),
    ("https://kubernetes.io/docs/concepts/services-networking/network-policies/",),
)
