"""etcd makes its own certificate."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "etcd"):
        if program.flag("auto-tls") == "true":
            yield program.fails_with("makes its own certificate", "auto-tls")


check = Check(
    "K8S-1044",
    "etcd makes its own certificate",
    "Nobody can verify a certificate that is made up at start.",
    "MEDIUM",
    "Remove --auto-tls.",
    _judge,
    ("KCV-0044", "CIS-2.3"),
    ("https://etcd.io/docs/latest/op-guide/security/",),
)
