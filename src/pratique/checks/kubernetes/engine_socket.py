"""A container engine's socket is mounted."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import host_paths
from pratique.model.check import Check, Failure

_SOCKETS = frozenset({"containerd.sock", "crio.sock", "podman.sock",
    "cri-dockerd.sock", "dockershim.sock", "buildkitd.sock"})  # fmt: skip


def _judge(one: Object) -> Iterator[Failure]:
    for mount in host_paths(one.pod):
        if posixpath.basename(mount.path.rstrip("/")) in _SOCKETS:
            yield Failure(f"the pod mounts the container engine's socket {mount.path}", *mount.span)


check = Check(
    "K8S-0201",
    "A container engine's socket is mounted",
    "Whoever can write to the socket of containerd, CRI-O or Podman can start a "
    "privileged container, and so is root on the node.",
    "HIGH",
    "Remove the volume.",
    _judge,
    ("NSA-hostpath",),
    ("https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",),
)
