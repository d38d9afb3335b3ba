"""Members of etcd make their own certificates."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "etcd"):
        if program.flag("peer-auto-tls") == "true":
            yield program.fails_with("makes its own certificate for its members", "peer-auto-tls")


check = Check(
    "K8S-1047",
    "Members of etcd make their own certificates",
    "Members cannot verify each other.",
    "MEDIUM",
    "Remove --peer-auto-tls.",
    _judge,
    ("KCV-0047", "CIS-2.6"),
    ("https://etcd.io/docs/latest/op-guide/security/",),
)
