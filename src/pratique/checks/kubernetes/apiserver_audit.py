"""Requests are not logged."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if not (program.flag("audit-log-path") or program.flag("audit-webhook-config-file")):
            yield program.fails_with("keeps no audit log", "audit-log-path")


check = Check(
    "K8S-1019",
    "Requests are not logged",
    "Nobody can tell later who did what.",
    "MEDIUM",
    "Set --audit-log-path and --audit-policy-file.",
    _judge,
    ("KCV-0019", "CIS-1.2.16"),
    ("https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/",),
)
