"""A namespace without a LimitRange."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure

_WORKLOADS = frozenset(
    {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod", "Rollout"}
)


def _judge(one: Object) -> Iterator[Failure]:
    has_pods = bool(one.others & _WORKLOADS)
    if one.kind == "Namespace" and has_pods and "LimitRange" not in one.others:
        yield one.fails("is declared with workloads, but without a LimitRange", "metadata", "name")


check = Check(
    "K8S-0039",
    "A namespace without a LimitRange",
    "Containers that set no limits get none, and may take their node.",
    "LOW",
    "Add a LimitRange with default limits.",
    _judge,
    ("KSV-0039", "NSA-resource-policies"),
    ("https://kubernetes.io/docs/concepts/policy/limit-range/",),
)
