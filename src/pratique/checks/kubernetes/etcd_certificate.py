"""etcd talks without TLS."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "etcd"):
        if missing := program.lacks("cert-file", "key-file"):
            yield program.fails_with(
                f"runs without {' and '.join(missing)}", "cert-file", "key-file"
            )


check = Check(
    "K8S-1042",
    "etcd talks without TLS",
    "All objects and secrets pass unencrypted.",
    "HIGH",
    "Set --cert-file and --key-file.",
    _judge,
    ("KCV-0042", "CIS-2.1"),
    ("https://etcd.io/docs/latest/op-guide/security/",),
)
