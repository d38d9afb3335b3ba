"""Capabilities are not dropped."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS, capabilities
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        if "ALL" not in capabilities(container, "drop") and not container.windows:
            yield container.fails(
                "does not drop all capabilities",
                "securityContext",
                "capabilities",
                "drop",
                put="[ALL]",
            )


check = Check(
    "K8S-0003",
    "Capabilities are not dropped",
    "A container starts with some dozen of root's capabilities (forging packets, changing "
    "owners, …) that hardly any application needs.",
    "LOW",
    "Set securityContext.capabilities.drop to [ALL] and add back what is really needed.",
    _judge,
    ("KSV-0003", "KSV-0004", "KSV-0106", "PSS-restricted-capabilities", "CIS-5.2.10"),
    (STANDARDS,),
)
