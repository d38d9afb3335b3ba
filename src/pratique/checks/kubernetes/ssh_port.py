"""SSH in a container."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure

_SSH = 22


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        for port, span in container.maps("ports"):
            if port.get("containerPort") == _SSH:
                yield container.fails_at("offers SSH on port 22", span)


check = Check(
    "K8S-0221",
    "SSH in a container",
    "A container is reached by `kubectl exec`, which is authorised and logged; an SSH "
    "server beside it has users and keys of its own.",
    "MEDIUM",
    "Remove the server and its port.",
    _judge,
    (),
    ("https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/",),
)
