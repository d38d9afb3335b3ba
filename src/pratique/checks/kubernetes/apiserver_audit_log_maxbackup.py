"""The audit log is not kept long."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure

_LEAST = 10


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if (
            program.flag("audit-log-path") not in ("", "-")
            and program.number("audit-log-maxbackup") < _LEAST
        ):
            yield program.fails_with(
                f"keeps its audit log for less than {_LEAST} files (--audit-log-maxbackup)",
                "audit-log-maxbackup",
            )


check = Check(
    "K8S-1021",
    "The audit log is not kept long",
    "An attacker who makes noise has the older files thrown away.",
    "LOW",
    "Set --audit-log-maxbackup=10 or more.",
    _judge,
    ("KCV-0021", "CIS-1.2.18"),
    ("https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/",),
)
