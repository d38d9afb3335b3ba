"""The capability SYS_ADMIN is added."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS, capabilities
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        if "SYS_ADMIN" in capabilities(container, "add"):
            yield container.fails("adds SYS_ADMIN", "securityContext", "capabilities", "add")


check = Check(
    "K8S-0005",
    "The capability SYS_ADMIN is added",
    "With SYS_ADMIN a process can mount file systems, enter namespaces and much else: it "
    "is root on the node in all but name.",
    "HIGH",
    "Remove SYS_ADMIN from securityContext.capabilities.add.",
    _judge,
    ("KSV-0005", "KSV-0022", "PSS-baseline-capabilities", "CIS-5.2.9"),
    (STANDARDS, "https://man7.org/linux/man-pages/man7/capabilities.7.html"),
)
