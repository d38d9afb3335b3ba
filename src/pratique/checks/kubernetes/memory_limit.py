"""No memory limit."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.declared:
        if container.get("resources", "limits", "memory") is None:
            yield container.fails("has no memory limit", "resources", "limits")


check = Check(
    "K8S-0018",
    "No memory limit",
    "One container that leaks, or is made to, takes its node's memory, and others are killed.",
    "LOW",
    "Set resources.limits.memory.",
    _judge,
    ("KSV-0018", "NSA-resource-policies"),
    ("https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",),
)
