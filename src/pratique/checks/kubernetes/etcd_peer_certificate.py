"""Members of etcd talk without TLS."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "etcd"):
        if missing := program.lacks("peer-cert-file", "peer-key-file"):
            yield program.fails_with(
                f"runs without {' and '.join(missing)}", "peer-cert-file", "peer-key-file"
            )


check = Check(
    "K8S-1045",
    "Members of etcd talk without TLS",
    "All objects and secrets pass unencrypted between them.",
    "MEDIUM",
    "Set --peer-cert-file and --peer-key-file.",
    _judge,
    ("KCV-0045", "CIS-2.4"),
    ("https://etcd.io/docs/latest/op-guide/security/",),
)
