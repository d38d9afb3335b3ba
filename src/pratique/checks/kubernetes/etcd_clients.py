"""etcd answers everybody."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "etcd"):
        if program.flag("client-cert-auth") != "true":
            yield program.fails_with("answers clients without a certificate", "client-cert-auth")


check = Check(
    "K8S-1043",
    "etcd answers everybody",
    "Whoever reaches etcd reads and writes all of the cluster, past the API server.",
    "HIGH",
    "Set --client-cert-auth=true and --trusted-ca-file.",
    _judge,
    ("KCV-0043", "CIS-2.2"),
    ("https://etcd.io/docs/latest/op-guide/security/",),
)
