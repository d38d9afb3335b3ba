"""No CPU limit."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.declared:
        if container.get("resources", "limits", "cpu") is None:
            yield container.fails("has no CPU limit", "resources", "limits")


check = Check(
    "K8S-0011",
    "No CPU limit",
    "One container can take all of its node's processors and starve the others.",
    "LOW",
    "Set resources.limits.cpu.",
    _judge,
    ("KSV-0011", "NSA-resource-policies"),
    ("https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",),
)
