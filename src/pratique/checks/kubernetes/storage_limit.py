"""No limit on ephemeral storage."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.declared:
        if container.get("resources", "limits", "ephemeral-storage") is None:
            yield container.fails("has no limit on ephemeral storage", "resources", "limits")


check = Check(
    "K8S-0202",
    "No limit on ephemeral storage",
    "Logs and written files of one container can fill its node's disk, and all pods there "
    "are evicted.",
    "LOW",
    "Set resources.limits.ephemeral-storage.",
    _judge,
    ("NSA-resource-policies",),
    ("https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",),
)
