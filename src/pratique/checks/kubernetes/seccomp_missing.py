"""No seccomp profile."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS
from pratique.codecs.located import Map
from pratique.model.check import Check, Failure

_SECCOMP = "seccomp.security.alpha.kubernetes.io/pod"


def _judge(one: Object) -> Iterator[Failure]:
    if one.pod is None or one.pod.windows or _SECCOMP in one.pod.annotations:
        return
    for container in one.containers:
        profile = container.security("seccompProfile")
        annotated = f"container.{_SECCOMP}/{container.name}" in one.pod.annotations
        if not (isinstance(profile, Map) and profile.get("type")) and not annotated:
            yield container.fails(
                "has no seccomp profile",
                "securityContext",
                "seccompProfile",
                "type",
                put="RuntimeDefault",
            )


check = Check(
    "K8S-0030",
    "No seccomp profile",
    "Without a profile the container may ask the kernel for anything, also for what only "
    "attacks need.",
    "LOW",
    "Set securityContext.seccompProfile.type to RuntimeDefault, for the pod or the container.",
    _judge,
    ("KSV-0030", "KSV-0104", "PSS-restricted-seccomp", "CIS-5.7.2", "NSA-hardening"),
    (STANDARDS,),
)
