"""It runs as root."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS
from pratique.codecs.located import Span
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        if container.security("runAsUser") == 0:
            own = container.get("securityContext", "runAsUser") is not None
            where = container if own or one.pod is None else one.pod
            span = where.fails("", "securityContext", "runAsUser")
            yield container.fails_at("runs as root (runAsUser 0)", Span(span.start, span.end))


check = Check(
    "K8S-0105",
    "It runs as root",
    "runAsUser 0 makes the container run as root whatever its image says.",
    "MEDIUM",
    "Set runAsUser to another user's number, or remove it.",
    _judge,
    ("KSV-0105", "PSS-restricted-running-as-non-root-user", "CIS-5.2.7", "NSA-non-root-containers"),
    (STANDARDS,),
)
