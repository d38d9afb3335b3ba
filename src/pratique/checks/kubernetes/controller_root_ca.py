"""Pods cannot verify the API server."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-controller-manager"):
        if not program.flag("root-ca-file"):
            yield program.fails_with(
                "gives pods no authority to verify the API server by", "root-ca-file"
            )


check = Check(
    "K8S-1037",
    "Pods cannot verify the API server",
    "Without its authority in the pods' accounts they must trust whoever answers.",
    "MEDIUM",
    "Set --root-ca-file.",
    _judge,
    ("KCV-0037", "CIS-1.3.5"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/",),
)
