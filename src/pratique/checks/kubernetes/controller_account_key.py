"""No key for service accounts."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-controller-manager"):
        if not program.flag("service-account-private-key-file"):
            yield program.fails_with(
                "has no key for tokens of service accounts", "service-account-private-key-file"
            )


check = Check(
    "K8S-1036",
    "No key for service accounts",
    "Tokens are not signed with a key of their own.",
    "LOW",
    "Set --service-account-private-key-file.",
    _judge,
    ("KCV-0036", "CIS-1.3.4"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/",),
)
