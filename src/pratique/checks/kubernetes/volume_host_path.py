"""A persistent volume is a directory of the node."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "PersistentVolume" and one.mapping("spec", "hostPath"):
        path = one.get("spec", "hostPath", "path")
        yield one.fails(f"is the directory {path} of its node", "spec", "hostPath")


check = Check(
    "K8S-0272",
    "A persistent volume is a directory of the node",
    "Who claims the volume has the node's files, as with hostPath in the pod itself, but "
    "unseen by pod security.",
    "MEDIUM",
    "Use a storage class, or `local` with node affinity.",
    _judge,
    ("CIS-5.2.12",),
    ("https://kubernetes.io/docs/concepts/storage/persistent-volumes/",),
)
