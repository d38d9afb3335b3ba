"""A workload in kube-system."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object, Pod
from pratique.codecs.kubernetes.pods import is_control_plane
from pratique.model.check import Check, Failure

_SYSTEM = ("kube-system", "kube-public", "kube-node-lease")


def _judge(one: Object) -> Iterator[Failure]:
    if one.pod and one.namespace in _SYSTEM and not _is_of_the_cluster(one.pod):
        yield one.fails(f"runs in {one.namespace}", "metadata", "namespace")


def _is_of_the_cluster(pod: Pod) -> bool:
    return is_control_plane(pod) or str(pod.get("priorityClassName")).startswith("system-")


check = Check(
    "K8S-0037",
    "A workload in kube-system",
    "kube-system is for the cluster's own parts: network policies, quotas and pod "
    "security are often not enforced there, and roles reach its secrets.",
    "MEDIUM",
    "Put it into a namespace of its own.",
    _judge,
    ("KSV-0037", "CIS-5.7.1"),
    ("https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",),
)
