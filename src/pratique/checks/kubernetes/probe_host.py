"""A probe or hook asks another host."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS
from pratique.model.check import Check, Failure

_HANDLERS = (("livenessProbe",), ("readinessProbe",), ("startupProbe",),
             ("lifecycle", "postStart"), ("lifecycle", "preStop"))  # fmt: skip


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        for path in _HANDLERS:
            for action in ("httpGet", "tcpSocket"):
                if host := container.get(*path, action, "host"):
                    message = f"has the node ask {host} ({path[-1]})"
                    yield container.fails(message, *path, action, "host")


check = Check(
    "K8S-0209",
    "A probe or hook asks another host",
    "With `host` in a probe or a hook the node itself sends requests to an address of the "
    "manifest's choice, as the kubelet, past network policies.",
    "MEDIUM",
    "Remove host: the pod's own address is asked.",
    _judge,
    ("PSS-baseline-host-probes-lifecycle-hooks",),
    (STANDARDS,),
)
