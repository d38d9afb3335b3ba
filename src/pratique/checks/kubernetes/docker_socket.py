"""Docker's socket is mounted."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import host_paths
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for mount in host_paths(one.pod):
        if mount.path.endswith("/docker.sock"):
            yield Failure(f"the pod mounts Docker's socket {mount.path}", *mount.span)


check = Check(
    "K8S-0006",
    "Docker's socket is mounted",
    "Whoever can write to Docker's socket can start a privileged container, and so is "
    "root on the node.",
    "HIGH",
    "Remove the volume; build images with a tool that needs no engine.",
    _judge,
    ("KSV-0006", "KSV-0023", "PSS-baseline-hostpath-volumes", "CIS-5.2.12", "NSA-hostpath"),
    ("https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",),
)
