"""Nodes are not limited to what is theirs."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if "Node" not in program.words("authorization-mode") and not program.flag(
            "authorization-config"
        ):
            yield program.fails_with("runs without the Node authorizer", "authorization-mode")


check = Check(
    "K8S-1008",
    "Nodes are not limited to what is theirs",
    "Without the Node authoriser kubelets need rights over the secrets of all nodes.",
    "MEDIUM",
    "Add Node to --authorization-mode.",
    _judge,
    ("KCV-0008", "CIS-1.2.7"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",),
)
