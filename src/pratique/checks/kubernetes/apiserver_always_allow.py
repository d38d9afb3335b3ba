"""The API server allows everything."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if "AlwaysAllow" in program.words("authorization-mode") or not (
            program.flag("authorization-mode") or program.flag("authorization-config")
        ):
            yield program.fails_with(
                "allows everything to everybody (authorization mode AlwaysAllow)",
                "authorization-mode",
            )


check = Check(
    "K8S-1007",
    "The API server allows everything",
    "Everybody who is let in may do everything.",
    "CRITICAL",
    "Set --authorization-mode=Node,RBAC.",
    _judge,
    ("KCV-0007", "CIS-1.2.6"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",),
)
