"""Its group may be one of the node's."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        group = container.security("runAsGroup")
        if isinstance(group, int) and 0 < group <= 10_000:
            yield container.fails(f"runs with group {group}", "securityContext", "runAsGroup")


check = Check(
    "K8S-0021",
    "Its group may be one of the node's",
    "Numbers up to 10000 are those of groups that nodes have as well: whoever breaks out "
    "has that group's files.",
    "LOW",
    "Set runAsGroup to a number above 10000.",
    _judge,
    ("KSV-0021", "NSA-non-root-containers"),
    ("https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",),
)
