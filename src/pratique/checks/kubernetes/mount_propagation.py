"""Mounts reach the node."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        for mount, span in container.maps("volumeMounts"):
            if mount.get("mountPropagation") == "Bidirectional":
                at = mount.get("mountPath")
                yield container.fails_at(f"shares its mounts at {at} with the node", span)


check = Check(
    "K8S-0218",
    "Mounts reach the node",
    "With Bidirectional propagation what the container mounts is mounted on its node, and "
    "in the other pods that share the volume.",
    "HIGH",
    "Use HostToContainer or None.",
    _judge,
    (),
    ("https://kubernetes.io/docs/concepts/storage/volumes/#mount-propagation",),
)
