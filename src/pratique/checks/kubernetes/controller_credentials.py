"""All controllers share their rights."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-controller-manager"):
        if program.flag("use-service-account-credentials") != "true":
            yield program.fails_with(
                "gives all controllers the same rights", "use-service-account-credentials"
            )


check = Check(
    "K8S-1035",
    "All controllers share their rights",
    "Each controller can do what any of them can.",
    "MEDIUM",
    "Set --use-service-account-credentials=true.",
    _judge,
    ("KCV-0035", "CIS-1.3.3"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/",),
)
