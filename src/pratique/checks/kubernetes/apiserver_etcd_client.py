"""The API server shows etcd no certificate."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if missing := program.lacks("etcd-certfile", "etcd-keyfile"):
            yield program.fails_with(
                f"runs without {' and '.join(missing)}", "etcd-certfile", "etcd-keyfile"
            )


check = Check(
    "K8S-1026",
    "The API server shows etcd no certificate",
    "etcd must let everybody in who asks: it holds all secrets.",
    "HIGH",
    "Set --etcd-certfile and --etcd-keyfile.",
    _judge,
    ("KCV-0026", "CIS-1.2.23"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",),
)
