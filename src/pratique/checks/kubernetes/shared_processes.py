"""Containers of the pod see each other's processes."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.pod and one.pod.get("shareProcessNamespace") is True:
        yield one.pod.fails(
            "shares one process namespace among its containers",
            "shareProcessNamespace",
            put="false",
        )


check = Check(
    "K8S-0210",
    "Containers of the pod see each other's processes",
    "With shareProcessNamespace a container reads the environment and the files of its "
    "neighbours through /proc.",
    "LOW",
    "Remove shareProcessNamespace where no sidecar needs it.",
    _judge,
    ("NSA-host-namespaces",),
    ("https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/",),
)
