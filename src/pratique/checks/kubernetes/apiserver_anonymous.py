"""The API server answers everybody."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if program.flag("anonymous-auth", "true") != "false" and not program.flag(
            "authentication-config"
        ):
            yield program.fails_with("answers requests without credentials", "anonymous-auth")


check = Check(
    "K8S-1001",
    "The API server answers everybody",
    "Requests without credentials count as system:anonymous: one careless binding opens "
    "the cluster to the network.",
    "LOW",
    "Set --anonymous-auth=false, or limit it to the health checks by an "
    "AuthenticationConfiguration.",
    _judge,
    ("KCV-0001", "CIS-1.2.1"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",),
)
