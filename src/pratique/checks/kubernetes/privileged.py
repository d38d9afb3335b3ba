"""Privileged container."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        if container.get("securityContext", "privileged") is True:
            yield container.fails("is privileged", "securityContext", "privileged", put="false")


check = Check(
    "K8S-0017",
    "Privileged container",
    "A privileged container has all capabilities, all devices and no seccomp or AppArmor: "
    "its root is root on the node.",
    "HIGH",
    "Remove privileged; add the one capability or device that is needed.",
    _judge,
    ("KSV-0017", "PSS-baseline-privileged-containers", "CIS-5.2.2", "NSA-privileged"),
    (STANDARDS,),
)
