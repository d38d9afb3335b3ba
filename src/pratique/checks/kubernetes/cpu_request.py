"""No CPU request."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.declared:
        if container.request("cpu") is None:
            yield container.fails("has no CPU request", "resources", "requests")


check = Check(
    "K8S-0015",
    "No CPU request",
    "The scheduler does not know what the container needs and crowds nodes; it gets the "
    "least when they are busy.",
    "LOW",
    "Set resources.requests.cpu.",
    _judge,
    ("KSV-0015", "NSA-resource-policies"),
    ("https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",),
)
