"""It may run beside the control plane."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure

_CONTROL_PLANE = ("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master")


def _judge(one: Object) -> Iterator[Failure]:
    for taint, span in one.pod.maps("tolerations") if one.pod and one.kind != "DaemonSet" else ():
        every = not taint.get("key") and taint.get("operator") == "Exists"
        if taint.get("key") in _CONTROL_PLANE or every:
            yield Failure("the pod tolerates the taint of control-plane nodes", *span)


check = Check(
    "K8S-0224",
    "It may run beside the control plane",
    "A pod that tolerates every taint, or the control plane's, can land on the machine "
    "that holds the cluster's keys.",
    "LOW",
    "Tolerate the taints by name that the pod is for.",
    _judge,
    ("NSA-control-plane",),
    ("https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/",),
)
