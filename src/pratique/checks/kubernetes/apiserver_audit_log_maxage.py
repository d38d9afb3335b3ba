"""The audit log is not kept long."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure

_LEAST = 30


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if (
            program.flag("audit-log-path") not in ("", "-")
            and program.number("audit-log-maxage") < _LEAST
        ):
            yield program.fails_with(
                f"keeps its audit log for less than {_LEAST} days (--audit-log-maxage)",
                "audit-log-maxage",
            )


check = Check(
    "K8S-1020",
    "The audit log is not kept long",
    "A break-in is often noticed weeks later.",
    "LOW",
    "Set --audit-log-maxage=30 or more.",
    _judge,
    ("KCV-0020", "CIS-1.2.17"),
    ("https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/",),
)
