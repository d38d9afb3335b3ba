"""Secrets are stored unencrypted."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if not program.flag("encryption-provider-config"):
            yield program.fails_with("stores secrets unencrypted", "encryption-provider-config")


check = Check(
    "K8S-1030",
    "Secrets are stored unencrypted",
    "Who reads etcd's files or a backup of them reads all secrets.",
    "MEDIUM",
    "Set --encryption-provider-config.",
    _judge,
    ("KCV-0030", "CIS-1.2.27"),
    ("https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/",),
)
