"""No security context at all."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.pod and not one.pod.mapping("securityContext"):
        for container in one.containers:
            if not container.mapping("securityContext"):
                yield container.fails("has no security context, nor has its pod")


check = Check(
    "K8S-0118",
    "No security context at all",
    "Neither the pod nor the container says what it may do, so that the defaults hold, "
    "which are made for compatibility.",
    "LOW",
    "Set a securityContext: runAsNonRoot, allowPrivilegeEscalation, capabilities, seccompProfile.",
    _judge,
    ("KSV-0118", "CIS-5.7.3"),
    ("https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",),
)
