"""The API server has no secure port."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if program.flag("secure-port") == "0":
            yield program.fails_with("has no secure port", "secure-port")


check = Check(
    "K8S-1017",
    "The API server has no secure port",
    "Without it requests are neither encrypted nor authenticated.",
    "HIGH",
    "Remove --secure-port=0.",
    _judge,
    ("KCV-0017", "CIS-1.2.15"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",),
)
