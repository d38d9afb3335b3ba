"""A container engine's socket is mounted."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import host_paths
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for mount in host_paths(one.pod):
        if mount.danger == "socket" and not mount.path.endswith("/docker.sock"):
            yield Failure(f"the pod mounts the container engine's socket {mount.path}", *mount.span)


check = Check(
    "K8S-0201",
    "A container engine's socket is mounted",
    "Whoever can write to the socket of containerd, CRI-O or Podman can start a "
    "privileged container, and so is root on the node.",
    "HIGH",
    "Remove the volume.",
    _judge,
    ("KSV-0023", "PSS-baseline-hostpath-volumes", "CIS-5.2.12", "NSA-hostpath"),
    ("https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",),
)
