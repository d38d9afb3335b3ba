"""Client certificates are not verified."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if not program.flag("client-ca-file"):
            yield program.fails_with("runs without --client-ca-file", "client-ca-file")


check = Check(
    "K8S-1028",
    "Client certificates are not verified",
    "Components cannot show who they are by certificate, and need weaker means.",
    "MEDIUM",
    "Set --client-ca-file.",
    _judge,
    ("KCV-0028", "CIS-1.2.25"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",),
)
