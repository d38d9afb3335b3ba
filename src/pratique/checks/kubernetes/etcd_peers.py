"""Anybody can join etcd."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "etcd"):
        if program.flag("peer-client-cert-auth") != "true":
            yield program.fails_with("takes members without a certificate", "peer-client-cert-auth")


check = Check(
    "K8S-1046",
    "Anybody can join etcd",
    "Who reaches the port of the members is one of them.",
    "HIGH",
    "Set --peer-client-cert-auth=true and --peer-trusted-ca-file.",
    _judge,
    ("KCV-0046", "CIS-2.5"),
    ("https://etcd.io/docs/latest/op-guide/security/",),
)
