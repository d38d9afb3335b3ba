"""A namespace without a ResourceQuota."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure

_WORKLOADS = frozenset(
    {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod", "Rollout"}
)


def _judge(one: Object) -> Iterator[Failure]:
    has_pods = bool(one.others & _WORKLOADS)
    if one.kind == "Namespace" and has_pods and "ResourceQuota" not in one.others:
        yield one.fails(
            "is declared with workloads, but without a ResourceQuota", "metadata", "name"
        )


check = Check(
    "K8S-0040",
    "A namespace without a ResourceQuota",
    "One namespace may take the whole cluster.",
    "LOW",
    "Add a ResourceQuota.",
    _judge,
    ("KSV-0040", "NSA-resource-policies"),
    ("https://kubernetes.io/docs/concepts/policy/resource-quotas/",),
)
