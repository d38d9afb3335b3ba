"""Tokens are verified by the API server's own key."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if not program.flag("service-account-key-file"):
            yield program.fails_with(
                "has no key of its own for service accounts", "service-account-key-file"
            )


check = Check(
    "K8S-1025",
    "Tokens are verified by the API server's own key",
    "Without a key of their own the tokens of service accounts cannot be made invalid "
    "without changing the API server's certificate.",
    "LOW",
    "Set --service-account-key-file.",
    _judge,
    ("KCV-0025", "CIS-1.2.22"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",),
)
