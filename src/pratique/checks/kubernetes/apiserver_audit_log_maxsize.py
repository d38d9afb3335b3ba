"""The audit log is not kept long."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure

_LEAST = 100


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if (
            program.flag("audit-log-path") not in ("", "-")
            and program.number("audit-log-maxsize") < _LEAST
        ):
            yield program.fails_with(
                f"keeps its audit log for less than {_LEAST} megabytes (--audit-log-maxsize)",
                "audit-log-maxsize",
            )


check = Check(
    "K8S-1022",
    "The audit log is not kept long",
    "Small files are thrown away soon.",
    "LOW",
    "Set --audit-log-maxsize=100 or more.",
    _judge,
    ("KCV-0022", "CIS-1.2.19"),
    ("https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/",),
)
