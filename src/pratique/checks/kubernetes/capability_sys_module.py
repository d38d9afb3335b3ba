"""The capability SYS_MODULE is added."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS, capabilities
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        if "SYS_MODULE" in capabilities(container, "add"):
            yield container.fails("adds SYS_MODULE", "securityContext", "capabilities", "add")


check = Check(
    "K8S-0120",
    "The capability SYS_MODULE is added",
    "With SYS_MODULE a process can load modules into the kernel that all of the node's "
    "containers share.",
    "HIGH",
    "Remove SYS_MODULE from securityContext.capabilities.add.",
    _judge,
    ("KSV-0120", "KSV-0022", "PSS-baseline-capabilities", "CIS-5.2.9"),
    (STANDARDS, "https://man7.org/linux/man-pages/man7/capabilities.7.html"),
)
