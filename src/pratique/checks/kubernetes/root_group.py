"""It runs with the root group."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.pod is None:
        return
    for key in ("runAsGroup", "fsGroup"):
        if one.pod.get("securityContext", key) == 0:
            yield one.pod.fails(f"has group 0 as {key}", "securityContext", key)
    if 0 in one.pod.items("securityContext", "supplementalGroups"):
        path = ("securityContext", "supplementalGroups")
        yield one.pod.fails("has group 0 among its supplementalGroups", *path)
    for container in one.containers:
        if container.get("securityContext", "runAsGroup") == 0:
            yield container.fails("has group 0 as runAsGroup", "securityContext", "runAsGroup")


check = Check(
    "K8S-0116",
    "It runs with the root group",
    "Group 0 may read and write what images and volumes keep for root's group.",
    "LOW",
    "Set runAsGroup, fsGroup and supplementalGroups to other numbers.",
    _judge,
    ("KSV-0116", "NSA-non-root-containers"),
    ("https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",),
)
