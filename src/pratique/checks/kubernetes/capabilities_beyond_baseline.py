"""Capabilities beyond the baseline are added."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import BASELINE_CAPABILITIES, STANDARDS, capabilities
from pratique.model.check import Check, Failure

_OF_THEIR_OWN = frozenset({"SYS_ADMIN", "NET_RAW", "SYS_MODULE"})
"""There is a check for each of these."""
_MIGHTY = frozenset({"ALL", "SYS_PTRACE", "SYS_RAWIO", "DAC_READ_SEARCH", "BPF",
    "MAC_ADMIN", "SYS_BOOT"})  # fmt: skip
"""That lead out of the container, or to everything on its node."""


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        added = capabilities(container, "add") - BASELINE_CAPABILITIES - _OF_THEIR_OWN
        if added:
            yield container.fails(
                f"adds {', '.join(sorted(added))}",
                "securityContext",
                "capabilities",
                "add",
                severity="HIGH" if added & _MIGHTY else "",
            )


check = Check(
    "K8S-0022",
    "Capabilities beyond the baseline are added",
    "The Pod Security Standards allow to add those capabilities only that container "
    "engines give anyway; the others reach beyond the container.",
    "MEDIUM",
    "Remove them from securityContext.capabilities.add.",
    _judge,
    ("KSV-0022", "PSS-baseline-capabilities", "CIS-5.2.9", "NSA-capabilities"),
    (STANDARDS,),
)
