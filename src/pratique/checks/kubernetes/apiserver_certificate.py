"""The API server makes its own certificate."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if missing := program.lacks("tls-cert-file", "tls-private-key-file"):
            yield program.fails_with(
                f"runs without {' and '.join(missing)}", "tls-cert-file", "tls-private-key-file"
            )


check = Check(
    "K8S-1027",
    "The API server makes its own certificate",
    "Clients cannot verify a certificate that is made up at start.",
    "MEDIUM",
    "Set --tls-cert-file and --tls-private-key-file.",
    _judge,
    ("KCV-0027", "CIS-1.2.24"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",),
)
