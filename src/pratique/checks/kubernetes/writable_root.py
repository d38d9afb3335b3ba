"""The root file system is writable."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        path = ("securityContext", "readOnlyRootFilesystem")
        if container.get(*path) is not True and not container.windows:
            yield container.fails("can write to its root file system", *path)


check = Check(
    "K8S-0014",
    "The root file system is writable",
    "An attacker can change the program, or leave tools behind.",
    "LOW",
    "Set securityContext.readOnlyRootFilesystem to true, and mount an emptyDir where the "
    "program must write.",
    _judge,
    ("KSV-0014", "NSA-immutable-file-system"),
    ("https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",),
)
