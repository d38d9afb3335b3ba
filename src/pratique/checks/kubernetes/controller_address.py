"""The controller manager listens on every address."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-controller-manager"):
        if program.flag("bind-address") not in ("127.0.0.1", "::1"):
            yield program.fails_with("listens on every address", "bind-address")


check = Check(
    "K8S-1039",
    "The controller manager listens on every address",
    "Its metrics and health checks are for the machine itself.",
    "LOW",
    "Set --bind-address=127.0.0.1.",
    _judge,
    ("KCV-0039", "CIS-1.3.7"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/",),
)
