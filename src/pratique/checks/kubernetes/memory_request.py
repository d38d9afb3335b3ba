"""No memory request."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.declared:
        if container.request("memory") is None:
            yield container.fails("has no memory request", "resources", "requests")


check = Check(
    "K8S-0016",
    "No memory request",
    "The scheduler does not know what the container needs; it is the first to be killed "
    "where memory is short.",
    "LOW",
    "Set resources.requests.memory.",
    _judge,
    ("KSV-0016", "NSA-resource-policies"),
    ("https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",),
)
