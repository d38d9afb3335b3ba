"""Tokens in a file."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if program.flag("token-auth-file"):
            yield program.fails_with("takes its tokens from a file", "token-auth-file")


check = Check(
    "K8S-1002",
    "Tokens in a file",
    "Tokens of --token-auth-file stand there in plain text, never expire, and cannot be "
    "revoked without a restart.",
    "HIGH",
    "Remove --token-auth-file; use certificates or OpenID Connect.",
    _judge,
    ("KCV-0002", "CIS-1.2.2"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",),
)
