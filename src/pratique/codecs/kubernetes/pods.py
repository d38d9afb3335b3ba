"""What checks of pods share: names of capabilities, the files and images that a pod takes in."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from msgspec import Struct

from pratique.codecs.kubernetes.objects import Container, Object, Pod
from pratique.codecs.located import Map, Span

BASELINE_CAPABILITIES = frozenset({
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
    "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
})  # fmt: skip
"""That the Pod Security Standards allow to add: those that container engines give anyway."""
STANDARDS = "https://kubernetes.io/docs/concepts/security/pod-security-standards/"
_SOCKETS = frozenset({
    "docker.sock", "containerd.sock", "crio.sock", "podman.sock", "cri-dockerd.sock",
    "dockershim.sock", "buildkitd.sock",
})  # fmt: skip
_SENSITIVE = (
    "/", "/etc", "/root", "/home", "/boot", "/dev", "/proc", "/sys", "/usr", "/lib", "/lib64",
    "/bin", "/sbin", "/run", "/var/run", "/var/log", "/var/lib/kubelet", "/var/lib/docker",
    "/var/lib/containerd", "/var/lib/etcd",
)  # fmt: skip
_DIGEST = re.compile(r"@sha\d+:[0-9a-f]+$")
_RUNS_ON = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout",
                      "ReplicationController", "DeploymentConfig"})  # fmt: skip


def capabilities(container: Container, which: str) -> set[str]:
    """Return the capabilities that a container adds or drops, without `CAP_`."""
    names = container.names("securityContext", "capabilities", which)
    return {name.upper().removeprefix("CAP_") for name in names}


class HostPath(Struct, frozen=True):
    """A directory or file of the node that a pod gets."""

    path: str
    volume: Map
    span: Span

    @property
    def danger(self) -> str:
        """What it leads to: `socket` of a container engine, `sensitive` files, or nothing such."""
        path = posixpath.normpath(self.path)
        if posixpath.basename(path) in _SOCKETS:
            return "socket"
        below = any(path == one or path.startswith(one.rstrip("/") + "/") for one in _SENSITIVE[1:])
        return "sensitive" if below or path == "/" else ""


def host_paths(pod: Pod | None) -> Iterator[HostPath]:
    for volume, span in pod.volumes if pod else ():
        source = volume.get("hostPath")
        if isinstance(source, Map):
            yield HostPath(str(source.get("path", "")), volume, span)


def tag(image: str) -> str | None:
    """Return an image's tag, None where a digest says which one it is, empty where nothing does."""
    if _DIGEST.search(image):
        return None
    return image.rpartition("/")[2].partition(":")[2]


def is_known(image: str) -> bool:
    """Tell whether an image's name is there and needs no variable to be filled in."""
    return bool(image) and not any(sign in image for sign in ("$", "{", "<"))


def is_control_plane(pod: Pod) -> bool:
    """Tell whether a pod is part of the control plane, by the label that kubeadm gives it.

    Such pods are started by the kubelet from files: they have no service account.
    """
    labels = pod.metadata.get("labels")
    return isinstance(labels, Map) and labels.get("tier") == "control-plane"


def runs_on(one: Object) -> bool:
    """Tell whether the pods of a workload are meant to run until they are stopped."""
    return one.kind in _RUNS_ON
