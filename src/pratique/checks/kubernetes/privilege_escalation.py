"""Privilege escalation is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        allowed = container.get("securityContext", "allowPrivilegeEscalation")
        if allowed is False or container.windows:
            continue
        how = "allows privilege escalation" + (", as nothing forbids it" if allowed is None else "")
        yield container.fails(how, "securityContext", "allowPrivilegeEscalation", put="false")


check = Check(
    "K8S-0001",
    "Privilege escalation is allowed",
    "A process may gain more privileges than its parent, by a setuid program for "
    "instance; a flaw in the application then leads to root in the container.",
    "MEDIUM",
    "Set securityContext.allowPrivilegeEscalation to false.",
    _judge,
    ("KSV-0001", "PSS-restricted-privilege-escalation", "CIS-5.2.6", "NSA-privilege-escalation"),
    (STANDARDS,),
)
