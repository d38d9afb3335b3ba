"""The API server shows kubelets no certificate."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.programs import programs
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for program in programs(one, "kube-apiserver"):
        if missing := program.lacks("kubelet-client-certificate", "kubelet-client-key"):
            yield program.fails_with(
                f"runs without {' and '.join(missing)}",
                "kubelet-client-certificate",
                "kubelet-client-key",
            )


check = Check(
    "K8S-1005",
    "The API server shows kubelets no certificate",
    "Kubelets must let everybody in who asks, or the API server does not get in.",
    "MEDIUM",
    "Set --kubelet-client-certificate and --kubelet-client-key.",
    _judge,
    ("KCV-0005", "CIS-1.2.4"),
    ("https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/",),
)
