"""The capability NET_RAW is added."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS, capabilities
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        if "NET_RAW" in capabilities(container, "add"):
            yield container.fails("adds NET_RAW", "securityContext", "capabilities", "add")


check = Check(
    "K8S-0119",
    "The capability NET_RAW is added",
    "With NET_RAW a process can forge packets, and so pose as another pod or as the DNS server.",
    "HIGH",
    "Remove NET_RAW from securityContext.capabilities.add.",
    _judge,
    ("KSV-0119", "KSV-0022", "PSS-baseline-capabilities", "CIS-5.2.8"),
    (STANDARDS, "https://man7.org/linux/man-pages/man7/capabilities.7.html"),
)
