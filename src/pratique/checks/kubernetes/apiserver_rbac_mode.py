"""RBAC is not used."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if "RBAC" not in program.words("authorization-mode") and not program.flag(
            "authorization-config"
        ):
            yield program.fails_with("runs without the RBAC authorizer", "authorization-mode")


check = Check(
    "K8S-1009",
    "RBAC is not used",
    "Roles and bindings do not count.",
    "HIGH",
    "Add RBAC to --authorization-mode.",
    _judge,
    ("KCV-0009", "CIS-1.2.8"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",),
)
