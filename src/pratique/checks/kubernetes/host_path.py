"""A directory of the node is mounted."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS, host_paths
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for mount in host_paths(one.pod):
        if mount.danger:
            continue  # that is a finding of its own
        name = mount.volume.get("name", "")
        yield Failure(f'the pod mounts {mount.path} of its node as volume "{name}"', *mount.span)


check = Check(
    "K8S-0023",
    "A directory of the node is mounted",
    "A hostPath volume ties the pod to its node's files: what is written there outlives "
    "the pod, and what is read there belongs to others.",
    "MEDIUM",
    "Use a persistent volume, a ConfigMap or an emptyDir.",
    _judge,
    ("KSV-0023", "PSS-baseline-hostpath-volumes", "CIS-5.2.12", "NSA-hostpath"),
    (STANDARDS,),
)
