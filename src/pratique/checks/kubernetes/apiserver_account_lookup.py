"""Tokens of deleted service accounts are good."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if program.flag("service-account-lookup") == "false":
            yield program.fails_with("does not look service accounts up", "service-account-lookup")


check = Check(
    "K8S-1024",
    "Tokens of deleted service accounts are good",
    "With --service-account-lookup=false a token lives on when its account is deleted.",
    "MEDIUM",
    "Remove --service-account-lookup=false.",
    _judge,
    ("KCV-0024", "CIS-1.2.21"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",),
)
