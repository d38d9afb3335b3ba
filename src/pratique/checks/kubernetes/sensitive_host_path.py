"""A sensitive directory of the node is mounted."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS, host_paths
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for mount in host_paths(one.pod):
        if mount.danger == "sensitive":
            yield Failure(f"the pod mounts {mount.path} of its node", *mount.span)


check = Check(
    "K8S-0121",
    "A sensitive directory of the node is mounted",
    "With the node's root, its configuration, its devices or the kubelet's files a pod "
    "can read every secret of the node, or take it over.",
    "HIGH",
    "Do not mount it; an agent that must read it gets the narrowest path, read-only.",
    _judge,
    ("KSV-0121", "KSV-0023", "PSS-baseline-hostpath-volumes", "CIS-5.2.12", "NSA-hostpath"),
    (STANDARDS,),
)
