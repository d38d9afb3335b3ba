"""Its user may be one of the node's."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        user = container.security("runAsUser")
        if isinstance(user, int) and 0 < user <= 10_000:
            yield container.fails(f"runs as user {user}", "securityContext", "runAsUser")


check = Check(
    "K8S-0020",
    "Its user may be one of the node's",
    "Numbers up to 10000 are those of users that nodes have as well: whoever breaks out "
    "has that user's files.",
    "LOW",
    "Set runAsUser to a number above 10000.",
    _judge,
    ("KSV-0020", "NSA-non-root-containers"),
    ("https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",),
)
