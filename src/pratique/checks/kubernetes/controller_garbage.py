"""Ended pods pile up."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-controller-manager"):
        if not program.flag("terminated-pod-gc-threshold"):
            yield program.fails_with("keeps 12,500 ended pods", "terminated-pod-gc-threshold")


check = Check(
    "K8S-1033",
    "Ended pods pile up",
    "The default keeps 12,500 ended pods before it clears any, with their environments.",
    "LOW",
    "Set --terminated-pod-gc-threshold to what you need.",
    _judge,
    ("KCV-0033", "CIS-1.3.1"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/",),
)
