"""etcd is not verified."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if not program.flag("etcd-cafile"):
            yield program.fails_with("does not verify the certificate of etcd", "etcd-cafile")


check = Check(
    "K8S-1029",
    "etcd is not verified",
    "Whoever stands in for etcd decides what the cluster is.",
    "HIGH",
    "Set --etcd-cafile.",
    _judge,
    ("KCV-0029", "CIS-1.2.26"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",),
)
